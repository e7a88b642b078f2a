package org.likelihood4j.report;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.runs.metrics.MetricsEvent;
import org.likelihood4j.runs.metrics.MetricsEvent.Ability;
import org.likelihood4j.runs.metrics.MetricsKeys;
import org.likelihood4j.runs.metrics.MetricsReader;
import org.likelihood4j.runs.statistics.ActiveUnits;
import tools.jackson.databind.JsonNode;

/**
 * What {@code metrics.jsonl} has told so far, as tables over the epoch; a step is a fraction of an epoch. Lines and values of a
 * kind that we do not know are passed over, so that files of other versions, or of anyone, can be shown.
 *
 * <pre>
 * training, validation   an epoch's means             steps            those since the line before
 * kl, steps/kl           the two KLs, with the band   latents          how many are active
 * kl/pooled              the same over all epochs so far
 * gradients/loss/mu      variance by estimator        blocks/coupling0 what BlockReport says
 * bits, bits/training    -term/(D ln 2), for flows of images
 * </pre>
 */
final class RunHistory implements MetricsReader.Sink {
    /** The table of bits/dim on the validation set, and its column of the sum of the terms. */
    static final String BITS = "bits";

    static final String BITS_TOTAL = "total";

    static final String LIKELIHOOD = "log_likelihood";
    private static final String DEQUANTIZATION = "dequantization";
    private static final int MOST_TABLES = 400;
    private static final int MOST_EPOCHS = 1_000_000;
    private static final double BAND = 2;

    private final Map<String, SeriesTable> tables = new LinkedHashMap<>();
    private Notices notices = new Notices();
    private LatentMap latents = new LatentMap();
    private Map<String, String> provenance = Map.of();
    private double stepsPerEpoch;
    private double parameters;
    private double dimensions;
    private Set<Ability> abilities = Set.of();
    /** Those that have a line. */
    private final BitSet epochs = new BitSet();

    private double epoch;
    private double seconds;
    private String lastTime = "";
    private String end = "";

    @Override
    public void restarted() {
        tables.clear();
        notices = new Notices();
        latents = new LatentMap();
        epochs.clear();
        provenance = Map.of();
        stepsPerEpoch = 0;
        parameters = 0;
        dimensions = 0;
        abilities = Set.of();
        epoch = 0;
        seconds = 0;
        lastTime = "";
        end = "";
    }

    @Override
    public void damaged(long number) {
        notices.damaged(number);
    }

    @Override
    public void line(JsonNode line) {
        lastTime = text(line, MetricsKeys.TIME);
        MetricsEvent.Kind kind = MetricsEvent.Kind.of(line).orElse(null);
        boolean placed = kind == MetricsEvent.Kind.EPOCH
                ? Double.isFinite(JsonValues.number(line.path(MetricsKeys.EPOCH)))
                : kind != MetricsEvent.Kind.STEP || Double.isFinite(position(line));
        if (kind == null || !placed) {
            notices.unknown();
            return;
        }
        switch (kind) {
            case START -> start(line);
            case RESUME -> {
                start(line);
                mark(line, "resumed");
            }
            case STEP -> step(line);
            case EPOCH -> epoch(line);
            case ROLLBACK -> mark(line, "rolled back: " + text(line, MetricsKeys.PROBLEM));
            case DIVERGENCE -> mark(line, "diverged: " + text(line, MetricsKeys.QUANTITY) + " is not finite");
            case END -> end = text(line, MetricsKeys.REASON);
        }
    }

    private void start(JsonNode line) {
        end = "";
        stepsPerEpoch = JsonValues.numberOr(line.path(MetricsKeys.STEPS_PER_EPOCH), 0);
        parameters = JsonValues.numberOr(line.path(MetricsKeys.PARAMETERS), 0);
        dimensions = JsonValues.numberOr(line.path(MetricsKeys.DIMENSIONS), dimensions);
        if (line.has(MetricsKeys.ABILITIES)) {
            abilities = abilities(line.path(MetricsKeys.ABILITIES));
        }
        provenance = JsonValues.flat(line.path(MetricsKeys.PROVENANCE));
    }

    private static Set<Ability> abilities(JsonNode given) {
        Set<String> names = given.valueStream().map(name -> name.asString("")).collect(Collectors.toSet());
        return Arrays.stream(Ability.values())
                .filter(ability -> names.contains(ability.key()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void step(JsonNode line) {
        end = "";
        double x = position(line);
        table("steps").add(x, JsonValues.numbers(line, MetricsKeys.STEP, MetricsKeys.EPOCH));
        agreement("steps/kl", x, line.path(MetricsKeys.KL));
        for (JsonNode block : line.path(MetricsKeys.BLOCKS)) {
            Map<String, Double> values = JsonValues.numbers(block);
            JsonValues.numbers(block.path(MetricsKeys.LOG_SCALE))
                    .forEach((name, value) -> values.put("g_" + name, value));
            JsonValues.numbers(block.path(MetricsKeys.CONDITIONING_LOG_SCALE))
                    .forEach((name, value) -> values.put("s_" + name, value));
            table("blocks/" + text(block, MetricsKeys.NAME)).add(x, values);
        }
    }

    private void epoch(JsonNode line) {
        double x = JsonValues.number(line.path(MetricsKeys.EPOCH));
        epoch = x;
        if (x >= 1 && x <= MOST_EPOCHS) {
            epochs.set((int) x);
        }
        seconds += Math.max(0, JsonValues.numberOr(line.path(MetricsKeys.SECONDS), 0));
        means("training", "bits/training", x, line.path(MetricsKeys.TRAINING));
        means("validation", BITS, x, line.path(MetricsKeys.VALIDATION));
        agreement("kl", x, line.path(MetricsKeys.KL));
        agreement("kl/pooled", x, line.path(MetricsKeys.KL_POOLED));
        for (JsonNode warning : line.path(MetricsKeys.WARNINGS)) {
            notices.warning("epoch " + JsonValues.plain(x) + ": " + warning.asString(""));
        }
        latents(x, line.path(MetricsKeys.LATENTS));
        for (String term : List.of(MetricsKeys.KL, MetricsKeys.LOSS)) {
            for (String parameter : List.of(MetricsKeys.MU, MetricsKeys.SIGMA)) {
                Map<String, Double> variances = new LinkedHashMap<>();
                line.path(MetricsKeys.GRADIENTS).path(term).properties().forEach(estimator -> {
                    double variance = JsonValues.number(
                            estimator.getValue().path(parameter).path(MetricsKeys.VARIANCE));
                    variances.put(JsonValues.name(estimator.getKey()), variance);
                });
                add("gradients/" + term + "/" + parameter, x, variances);
            }
        }
    }

    private void means(String name, String bitsName, double x, JsonNode means) {
        Map<String, Double> values = JsonValues.numbers(means);
        add(name, x, values);
        add(bitsName, x, bits(values));
    }

    /** A flow's log-likelihood and its terms, in nats, as bits/dim: {@code -term/(D ln 2)}. Empty for other models. */
    private Map<String, Double> bits(Map<String, Double> nats) {
        double d = dimensions > 0 ? dimensions : dimensionsOf(nats);
        if (d < 1 || !nats.containsKey(LIKELIHOOD)) {
            return Map.of();
        }
        double unit = -d * Math.log(2);
        Map<String, Double> bits = new LinkedHashMap<>();
        nats.forEach((name, value) -> {
            if (name.equals(LIKELIHOOD)) {
                bits.put(BITS_TOTAL, value / unit);
            } else if (!name.equals(MetricsKeys.LOSS) && !name.equals(MetricsKeys.WEIGHTED_LOSS)) {
                bits.put(name, value / unit);
            }
        });
        return bits;
    }

    /** D where no line has said it yet: the dequantisation of 8-bit pixels has the term {@code -D ln 256}. 0 without that. */
    private static double dimensionsOf(Map<String, Double> nats) {
        double d = Math.rint(-nats.getOrDefault(DEQUANTIZATION, 0.0) / Math.log(256));
        return d >= 1 ? d : 0;
    }

    private void agreement(String name, double x, JsonNode kl) {
        Map<String, Double> values = JsonValues.numbers(kl, MetricsKeys.EXAMPLES, MetricsKeys.DETECTABLE_BIAS);
        Double error = values.get(MetricsKeys.STANDARD_ERROR);
        if (error == null) {
            return;
        }
        for (String of : List.of(MetricsKeys.SAMPLED, MetricsKeys.DIFFERENCE)) {
            double value = values.getOrDefault(of, Double.NaN);
            values.put(of + "_low", value - BAND * error);
            values.put(of + "_high", value + BAND * error);
        }
        add(name, x, values);
    }

    private void latents(double x, JsonNode report) {
        double[] kl = JsonValues.array(report.path(MetricsKeys.KL_ANALYTIC));
        if (kl.length == 0) {
            kl = JsonValues.array(report.path(MetricsKeys.KL_SAMPLED));
        }
        double[] variances = JsonValues.array(report.path(MetricsKeys.MEAN_VARIANCE));
        boolean[] active = new boolean[kl.length];
        for (int j = 0; j < Math.min(active.length, variances.length); j++) {
            active[j] = ActiveUnits.isActive(variances[j]);
        }
        latents.add(x, kl, active);
        add("latents", x, JsonValues.numbers(report, MetricsKeys.IMAGES, MetricsKeys.MUTUAL_INFORMATION_CAP));
    }

    private void add(String table, double x, Map<String, Double> values) {
        if (!values.isEmpty()) {
            table(table).add(x, values);
        }
    }

    private SeriesTable table(String name) {
        SeriesTable table = tables.get(name);
        if (table == null) {
            table = new SeriesTable();
            if (tables.size() < MOST_TABLES) {
                tables.put(name, table);
            }
        }
        return table;
    }

    private void mark(JsonNode line, String text) {
        notices.mark(position(line), text(line, MetricsKeys.EVENT), text);
    }

    /** Where a line's step is, in epochs. */
    private double position(JsonNode line) {
        double step = JsonValues.number(line.path(MetricsKeys.STEP));
        return stepsPerEpoch > 0 && Double.isFinite(step)
                ? step / stepsPerEpoch
                : JsonValues.number(line.path(MetricsKeys.EPOCH));
    }

    private static String text(JsonNode line, String key) {
        return JsonValues.name(line.path(key).asString(""));
    }

    /**
     * What the course does not show, and what could not be read.
     *
     * @param trained epochs of which there must be lines, as a checkpoint says; 0 if that is not known
     */
    List<String> notes(long trained) {
        List<String> notes = notices.notes();
        int last = (int) Math.max(epochs.length() - 1, Math.min(trained, MOST_EPOCHS));
        int missing = last - epochs.cardinality();
        if (missing > 0) {
            List<Long> first = IntStream.rangeClosed(1, last)
                    .filter(number -> !epochs.get(number))
                    .limit(missing)
                    .mapToLong(number -> number)
                    .boxed()
                    .toList();
            notes.add("metrics.jsonl: the lines of " + missing + " of " + last + " epochs are lost ("
                    + Notices.some(first, missing) + ")");
        }
        return notes;
    }

    Map<String, String> provenance() {
        return provenance;
    }

    /** What the model can, as a line has said; empty if an older version wrote the file. */
    Set<Ability> abilities() {
        return abilities;
    }

    /**
     * How far a training is.
     *
     * @param end the reason of its end; empty if it goes on, or was cut off
     * @param epoch epochs completed
     * @param seconds that those took
     * @param stepsPerEpoch 0 if not known
     * @param parameters how many the model has; 0 if not known
     * @param time of the last line
     */
    record Progress(String end, double epoch, double seconds, double stepsPerEpoch, double parameters, String time) {}

    /**
     * What a training has told.
     *
     * @param progress how far it is
     * @param tables those that have rows, by name
     * @param latents KL of each latent dimension; {@code null} without a VAE's
     * @param marks what happened
     * @param warnings of the training
     */
    record Course(
            Progress progress,
            Map<String, SeriesTable.Rows> tables,
            LatentMap.Picture latents,
            List<Notices.Mark> marks,
            List<String> warnings) {}

    /** All of it, each table with at most so many rows. */
    Course course(int mostRows) {
        Map<String, SeriesTable.Rows> rows = new LinkedHashMap<>();
        tables.forEach((name, table) -> {
            if (!table.isEmpty()) {
                rows.put(name, table.rows(mostRows));
            }
        });
        return new Course(
                new Progress(end, epoch, seconds, stepsPerEpoch, parameters, lastTime),
                rows,
                latents.picture(),
                notices.marks(),
                notices.warnings());
    }
}
