package org.likelihood4j.laboratory.lessons;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/** Paints pixels, with the fonts that the machine has. */
final class PicturePen implements Pen, AutoCloseable {
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font LARGE = new Font(Font.SANS_SERIF, Font.BOLD, 14);

    private final BufferedImage picture;
    private final Graphics2D pen;
    private final AffineTransform whole;

    private PicturePen(int width, int height) {
        picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        pen = picture.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        whole = pen.getTransform();
    }

    /** Empty on a machine that has no fonts, as one without a screen may be. */
    static Optional<PicturePen> create(int width, int height) {
        PicturePen made = new PicturePen(width, height);
        try {
            if (made.pen.getFontMetrics(SMALL).stringWidth("0") > 0) {
                return Optional.of(made);
            }
        } catch (RuntimeException | LinkageError | InternalError e) {
            // Java says in many ways that there are none.
        }
        made.close();
        return Optional.empty();
    }

    BufferedImage picture() {
        return picture;
    }

    @Override
    public void origin(int x, int y) {
        pen.setTransform(whole);
        pen.translate(x, y);
    }

    @Override
    public void line(Stroke stroke, List<double[]> points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points.get(0)[0], points.get(0)[1]);
        points.forEach(point -> path.lineTo(point[0], point[1]));
        float[] dashes = stroke.dashed() ? new float[] {6, 4} : null;
        pen.setStroke(
                new BasicStroke((float) stroke.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
        pen.setColor(Color.decode(stroke.colour()));
        pen.draw(path);
    }

    @Override
    public void dots(String colour, double radius, List<double[]> centres) {
        pen.setColor(Color.decode(colour));
        for (double[] centre : centres) {
            pen.fill(new Ellipse2D.Double(centre[0] - radius, centre[1] - radius, 2 * radius, 2 * radius));
        }
    }

    @Override
    public void bar(String colour, double opacity, double x, double y, double width, double height) {
        Composite opaque = pen.getComposite();
        pen.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) opacity));
        pen.setColor(Color.decode(colour));
        pen.fill(new Rectangle2D.Double(x, y, width, height));
        pen.setComposite(opaque);
    }

    @Override
    public void text(double x, double y, Anchor anchor, boolean bold, String text) {
        pen.setFont(bold ? LARGE : SMALL);
        pen.setColor(Color.BLACK);
        int width = pen.getFontMetrics().stringWidth(text);
        double left = switch (anchor) {
            case START -> x;
            case MIDDLE -> x - width / 2.0;
            case END -> x - width;
        };
        pen.drawString(text, (float) left, (float) y);
    }

    @Override
    public void upwards(double x, double y, String text) {
        AffineTransform before = pen.getTransform();
        pen.translate(x, y);
        pen.rotate(-Math.PI / 2);
        text(0, 0, Anchor.MIDDLE, false, text);
        pen.setTransform(before);
    }

    @Override
    public void close() {
        pen.dispose();
    }
}
