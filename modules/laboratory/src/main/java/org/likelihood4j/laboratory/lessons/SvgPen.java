package org.likelihood4j.laboratory.lessons;

import java.util.List;
import java.util.Locale;

/** Writes SVG: the same text on every machine. */
final class SvgPen implements Pen {
    private final StringBuilder out = new StringBuilder();
    private boolean grouped;

    SvgPen(int width, int height) {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">\n<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n",
                width, height, width, height);
    }

    /** The whole document. */
    String document() {
        return out + (grouped ? "</g>\n" : "") + "</svg>\n";
    }

    @Override
    public void origin(int x, int y) {
        append("%s<g transform=\"translate(%d %d)\">\n", grouped ? "</g>\n" : "", x, y);
        grouped = true;
    }

    @Override
    public void line(Stroke stroke, List<double[]> points) {
        StringBuilder places = new StringBuilder();
        for (double[] point : points) {
            places.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1]));
        }
        append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>\n",
                places.toString().strip(),
                stroke.colour(),
                stroke.width(),
                stroke.dashed() ? " stroke-dasharray=\"6 4\"" : "");
    }

    /** As one path of lines without length: a tenth of the text that circles are. */
    @Override
    public void dots(String colour, double radius, List<double[]> centres) {
        StringBuilder path = new StringBuilder();
        for (double[] centre : centres) {
            path.append(String.format(Locale.ROOT, "M%.1f %.1fh0", centre[0], centre[1]));
        }
        append(
                "<path d=\"%s\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linecap=\"round\"/>\n",
                path, colour, 2 * radius);
    }

    @Override
    public void bar(String colour, double opacity, double x, double y, double width, double height) {
        append(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"%.1f\"/>\n",
                x, y, width, height, colour, opacity);
    }

    @Override
    public void text(double x, double y, Anchor anchor, boolean bold, String text) {
        append(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n",
                x,
                y,
                anchor.name().toLowerCase(Locale.ROOT),
                bold ? " font-size=\"14\" font-weight=\"bold\"" : "",
                escaped(text));
    }

    @Override
    public void upwards(double x, double y, String text) {
        append(
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
                x, y, escaped(text));
    }

    private void append(String form, Object... values) {
        out.append(String.format(Locale.ROOT, form, values));
    }

    private static String escaped(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
