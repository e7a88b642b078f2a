package org.likelihood4j.cli.scores;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.drawing.ImageGrid;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.alarm.AlarmExplainer;
import org.likelihood4j.inference.alarm.AlarmExplainer.Reason;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.Calibration;

/**
 * What {@code score --explain} adds to an example of which there is an alarm: the columns, or the tiles of an image, that made it unlikely, the
 * strongest first, {@code reason_1, reason_1_nats, ...}; of all others the cells are empty. The unlikeliest is told of in a sentence.
 */
final class ReasonColumns {
    private static final int MOST = 3;
    private static final int MOST_PICTURES = 32;
    private static final int PAIRED_COLUMNS = 8;

    /** Of held-out values the middle 90% are told. */
    private static final double TAIL = 0.05;

    private final AlarmExplainer explainer;
    private final Calibration calibration;
    private final List<byte[]> pictures = new ArrayList<>();
    private ImageShape shape;
    private double worst = Double.POSITIVE_INFINITY;
    private String sentence;

    ReasonColumns(AlarmExplainer explainer, Calibration calibration) {
        this.explainer = explainer;
        this.calibration = calibration;
    }

    /** As many as there can be reasons. */
    List<String> names() {
        return IntStream.rangeClosed(1, most())
                .boxed()
                .flatMap(i -> Stream.of("reason_" + i, "reason_" + i + "_nats"))
                .toList();
    }

    private int most() {
        return Math.min(MOST, explainer.size());
    }

    /**
     * The cells of an example.
     *
     * @param alarm whether there is one
     */
    List<Object> cells(InputData input, int at, double logLikelihood, boolean alarm) {
        Object[] cells = new Object[2 * most()];
        Arrays.fill(cells, "");
        if (alarm) {
            List<Reason> all = explainer.reasons(input.examples(), at);
            List<Reason> reasons = AlarmExplainer.strongest(all, most());
            for (int i = 0; i < reasons.size(); i++) {
                cells[2 * i] = reasons.get(i).name();
                cells[2 * i + 1] = reasons.get(i).nats();
            }
            double rank = Double.isFinite(logLikelihood) ? logLikelihood : Double.NEGATIVE_INFINITY;
            if (sentence == null || rank < worst) {
                worst = rank;
                sentence = sentence(input, at, rank, reasons);
            }
            draw(input.examples(), at, all);
        }
        return Arrays.asList(cells);
    }

    private void draw(Examples set, int at, List<Reason> reasons) {
        if (set.shape() instanceof ImageShape image && pictures.size() < 2 * MOST_PICTURES) {
            shape = image;
            double[] values = set.values(at);
            pictures.add(grey(image, values));
            pictures.add(explainer.heatMap(image, values, reasons));
        }
    }

    private static byte[] grey(ImageShape image, double[] values) {
        int plane = image.height() * image.width();
        byte[] picture = new byte[3 * plane];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (byte) values[image.channels() == 3 ? i : i % plane];
        }
        return picture;
    }

    private String sentence(InputData input, int at, double logLikelihood, List<Reason> reasons) {
        String ids = input.ids().entrySet().stream()
                .map(id -> id.getKey() + " " + id.getValue().get(at))
                .collect(Collectors.joining(", "));
        String which = input.files().isEmpty() ? ids : input.files().get(at);
        String noun = input.examples().shape() instanceof ImageShape ? "image " : "row ";
        return Printable.line("the unlikeliest, " + noun + input.places().get(at)
                + (which.isEmpty() ? "" : " (" + Printable.shorten(which) + ")")
                + String.format(Locale.ROOT, ", log_likelihood %.2f: ", logLikelihood)
                + (reasons.isEmpty()
                        ? "no single part of it; it is the whole that does not fit together"
                        : reasons.stream()
                                .map(reason -> told(input, at, reason))
                                .collect(Collectors.joining(", then "))));
    }

    private String told(InputData input, int at, Reason reason) {
        String value = "";
        if (input.examples().shape() instanceof VectorShape table) {
            ColumnKind kind = table.columns().get(reason.part()).kind();
            value = " = " + Printable.shorten(kind.text(input.examples().values(at)[reason.part()]))
                    + ordinary(kind, reason.part())
                            .map(range -> ", ordinarily " + range)
                            .orElse("");
        }
        return Printable.shorten(reason.name()) + value + String.format(Locale.ROOT, " (%.1f nats)", reason.nats());
    }

    /** The middle of the held-out values, of columns whose values have an order. */
    private Optional<String> ordinary(ColumnKind kind, int column) {
        if (kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Truth) {
            return Optional.empty();
        }
        int count = calibration.reference().length;
        double low = calibration.reference()[(int) (TAIL * count)][column];
        double high = calibration.reference()[(int) ((1 - TAIL) * (count - 1))][column];
        return Optional.of(kind.text(low) + " to " + kind.text(high));
    }

    /** On the unlikeliest of all; none without an alarm. */
    Optional<String> summary() {
        return Optional.ofNullable(sentence);
    }

    /** Draws the first images of which there is an alarm, each with its reasons on its right, if there are such; whether there are. */
    boolean draw(Path png) {
        if (pictures.isEmpty()) {
            return false;
        }
        ImageGrid.write(png, new ImageShape(3, shape.height(), shape.width()), pictures, PAIRED_COLUMNS, 2);
        return true;
    }
}
