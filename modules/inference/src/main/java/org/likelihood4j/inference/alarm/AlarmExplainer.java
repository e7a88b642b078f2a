package org.likelihood4j.inference.alarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.runtime.ExampleNumbers;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Calibration;

/**
 * What made an example unlikely: of a row its columns, of an image its tiles, each by what held-out values in its place would make of the
 * likelihood ({@link Attribution}).
 */
public final class AlarmExplainer {
    /** Tiles along the longer side of an image. */
    private static final int TILES = 7;

    private final LikelihoodScores scores;
    private final Calibration calibration;
    private final List<Part> parts;

    /**
     * A column, or a tile.
     *
     * @param name of the column, or the tile's pixels from the upper left, such as {@code y 4-7 x 8-11}
     * @param places of its values in an example
     */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    private record Part(String name, int[] places) {}

    /**
     * A part's share in an example being unlikely.
     *
     * @param part the place of the column, or of the tile row after row
     * @param name of the column, or the tile's pixels from the upper left, such as {@code y 4-7 x 8-11}
     * @param nats how much likelier the example would be with ordinary values in its place; may be infinite
     */
    public record Reason(int part, String name, double nats) {}

    /**
     * Of a calibrated run.
     *
     * @param calibration of the model, whose reference is put in the place of parts
     * @throws RunException if the reference is not of the model's examples
     */
    public AlarmExplainer(OpenedModel model, Calibration calibration) {
        this.scores = new LikelihoodScores(model, 1, model.noise().withSplit("explain"));
        this.calibration = calibration;
        this.parts = parts(model.shape());
        if (calibration.reference()[0].length != model.shape().size()) {
            throw new RunException("the calibration is of examples of "
                    + calibration.reference()[0].length + " values, but the run was trained on "
                    + model.shape().noun() + " of " + model.shape() + "; calibrate the run again");
        }
    }

    private static List<Part> parts(ExampleShape shape) {
        if (shape instanceof VectorShape table) {
            return IntStream.range(0, table.size())
                    .mapToObj(j -> new Part(table.names().get(j), new int[] {j}))
                    .toList();
        }
        ImageShape image = (ImageShape) shape;
        int edge = edge(image);
        List<Part> tiles = new ArrayList<>();
        for (int top = 0; top < image.height(); top += edge) {
            for (int left = 0; left < image.width(); left += edge) {
                tiles.add(tile(image, top, left, edge));
            }
        }
        return tiles;
    }

    private static Part tile(ImageShape image, int top, int left, int edge) {
        int bottom = Math.min(image.height(), top + edge);
        int right = Math.min(image.width(), left + edge);
        int plane = image.height() * image.width();
        int[] places = IntStream.range(0, image.channels() * (bottom - top) * (right - left))
                .map(i -> {
                    int x = left + i % (right - left);
                    int y = top + i / (right - left) % (bottom - top);
                    return i / (right - left) / (bottom - top) * plane + y * image.width() + x;
                })
                .toArray();
        return new Part("y " + top + "-" + (bottom - 1) + " x " + left + "-" + (right - 1), places);
    }

    private static int edge(ImageShape image) {
        return (Math.max(image.height(), image.width()) + TILES - 1) / TILES;
    }

    /** How many parts there are. */
    public int size() {
        return parts.size();
    }

    /** How often the density is computed for an example. */
    public long evaluations() {
        return (parts.size() + 1L) * calibration.reference().length;
    }

    /** All parts of an example of a set, in their order. */
    public List<Reason> reasons(Examples set, int example) {
        Attribution attribution = new Attribution(
                changed -> scores.of(like(set, example, changed), new ExampleNumbers.From(0))[0],
                calibration.reference(),
                parts.stream().map(Part::places).toList());
        double[] nats = attribution.of(set.values(example));
        return IntStream.range(0, nats.length)
                .mapToObj(j -> new Reason(j, parts.get(j).name(), nats[j]))
                .toList();
    }

    /** The first of all reasons: those that are reasons, the strongest first. */
    public static List<Reason> strongest(List<Reason> reasons, int most) {
        return reasons.stream()
                .filter(reason -> reason.nats() > 0)
                .sorted(Comparator.comparingDouble(Reason::nats).reversed())
                .limit(most)
                .toList();
    }

    private static Examples like(Examples set, int example, double[][] values) {
        int[] labels = new int[values.length];
        Arrays.fill(labels, set.label(example));
        int size = set.shape().size();
        Examples made;
        if (set.shape() instanceof VectorShape table) {
            double[] rows = new double[values.length * size];
            for (int k = 0; k < values.length; k++) {
                System.arraycopy(values[k], 0, rows, k * size, size);
            }
            made = Table.owningHoles(table, rows, labels);
        } else {
            byte[] pixels = new byte[values.length * size];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) values[i / size][i % size];
            }
            made = new ImageSet((ImageShape) set.shape(), pixels, labels);
        }
        return set.labelled() ? made : made.withoutLabels();
    }

    /**
     * A picture of the reasons: the image in grey, and red over tiles that made it unlikely, the full red being the strongest.
     *
     * @param image (C, H, W)
     * @return red, green and blue, (3, H, W)
     */
    public byte[] heatMap(ImageShape shape, double[] image, List<Reason> reasons) {
        double strongest = reasons.stream()
                .mapToDouble(Reason::nats)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        int plane = shape.height() * shape.width();
        byte[] picture = new byte[3 * plane];
        for (Reason reason : reasons) {
            double heat = Double.isInfinite(reason.nats())
                    ? 1
                    : Math.max(0, reason.nats()) / Math.max(strongest, Double.MIN_NORMAL);
            for (int place : parts.get(reason.part()).places()) {
                int at = place % plane;
                double grey = 0;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    grey += image[channel * plane + at] / shape.channels();
                }
                picture[at] = (byte) Math.round(grey + heat * (255 - grey));
                picture[plane + at] = (byte) Math.round(grey * (1 - heat));
                picture[2 * plane + at] = (byte) Math.round(grey * (1 - heat));
            }
        }
        return picture;
    }
}
