package org.likelihood4j.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * bits, bits/training    -term/(D ln 2), for flows
 * </pre>
 */
final class RunHistory implements MetricsReader.Sink {
    private static final int MOST_TABLES = 400;
    private static final double BAND = 2;

    private final Map<String, SeriesTable> tables = new LinkedHashMap<>();
    private Notices notices = new Notices();
    private LatentMap latents = new LatentMap();
    private Map<String, String> provenance = Map.of();
    private double stepsPerEpoch;
    private double parameters;
    private double epoch;
    private double seconds;
    private String lastTime = "";
    private String end = "";

    @Override
    public void restarted() {
        tables.clear();
        notices = new Notices();
        latents = new LatentMap();
        provenance = Map.of();
        stepsPerEpoch = 0;
        parameters = 0;
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
        lastTime = text(line, "time");
        switch (text(line, "event")) {
            case "start" -> start(line);
            case "resume" -> {
                start(line);
                mark(line, "resumed");
            }
            case "step" -> step(line);
            case "epoch" -> epoch(line);
            case "rollback" -> mark(line, "rolled back: " + text(line, "problem"));
            case "divergence" -> mark(line, "diverged: " + text(line, "quantity") + " is not finite");
            case "end" -> end = text(line, "reason");
            default -> {}
        }
    }

    private void start(JsonNode line) {
        end = "";
        stepsPerEpoch = JsonValues.numberOr(line.path("steps_per_epoch"), 0);
        parameters = JsonValues.numberOr(line.path("parameters"), 0);
        provenance = JsonValues.flat(line.path("provenance"));
    }

    private void step(JsonNode line) {
        end = "";
        double x = position(line);
        table("steps").add(x, JsonValues.numbers(line, "step", "epoch"));
        agreement("steps/kl", x, line.path("kl"));
        for (JsonNode block : line.path("blocks")) {
            Map<String, Double> values = JsonValues.numbers(block);
            JsonValues.numbers(block.path("log_scale")).forEach((name, value) -> values.put("g_" + name, value));
            JsonValues.numbers(block.path("conditioning_log_scale"))
                    .forEach((name, value) -> values.put("s_" + name, value));
            table("blocks/" + text(block, "name")).add(x, values);
        }
    }

    private void epoch(JsonNode line) {
        double x = JsonValues.number(line.path("epoch"));
        epoch = Double.isFinite(x) ? x : epoch;
        seconds += Math.max(0, JsonValues.numberOr(line.path("seconds"), 0));
        means("training", "bits/training", x, line.path("training"));
        means("validation", "bits", x, line.path("validation"));
        agreement("kl", x, line.path("kl"));
        agreement("kl/pooled", x, line.path("kl_pooled"));
        for (JsonNode warning : line.path("warnings")) {
            notices.warning("epoch " + JsonValues.plain(x) + ": " + warning.asString(""));
        }
        latents(x, line.path("latents"));
        for (String term : List.of("kl", "loss")) {
            for (String parameter : List.of("mu", "sigma")) {
                Map<String, Double> variances = new LinkedHashMap<>();
                line.path("gradients").path(term).properties().forEach(estimator -> {
                    double variance = JsonValues.number(
                            estimator.getValue().path(parameter).path("variance"));
                    variances.put(JsonValues.name(estimator.getKey()), variance);
                });
                add("gradients/" + term + "/" + parameter, x, variances);
            }
        }
    }

    private void means(String name, String bitsName, double x, JsonNode means) {
        Map<String, Double> values = JsonValues.numbers(means);
        add(name, x, values);
        add(bitsName, x, Bits.of(values));
    }

    private void agreement(String name, double x, JsonNode kl) {
        Map<String, Double> values = JsonValues.numbers(kl, "examples", "detectable_bias");
        Double error = values.get("standard_error");
        if (error == null) {
            return;
        }
        for (String of : List.of("sampled", "difference")) {
            double value = values.getOrDefault(of, Double.NaN);
            values.put(of + "_low", value - BAND * error);
            values.put(of + "_high", value + BAND * error);
        }
        add(name, x, values);
    }

    private void latents(double x, JsonNode report) {
        double[] kl = JsonValues.array(report.path("kl_analytic"));
        if (kl.length == 0) {
            kl = JsonValues.array(report.path("kl_sampled"));
        }
        double[] variances = JsonValues.array(report.path("mean_variance"));
        boolean[] active = new boolean[kl.length];
        for (int j = 0; j < Math.min(active.length, variances.length); j++) {
            active[j] = ActiveUnits.isActive(variances[j]);
        }
        latents.add(x, kl, active);
        add("latents", x, JsonValues.numbers(report, "images", "mutual_information_cap"));
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
        notices.mark(position(line), text(line, "event"), text);
    }

    /** Where a line's step is, in epochs. */
    private double position(JsonNode line) {
        double step = JsonValues.number(line.path("step"));
        return stepsPerEpoch > 0 && Double.isFinite(step)
                ? step / stepsPerEpoch
                : JsonValues.number(line.path("epoch"));
    }

    private static String text(JsonNode line, String key) {
        return JsonValues.name(line.path(key).asString(""));
    }

    Notices notices() {
        return notices;
    }

    /** {@code null} without a VAE's latents. */
    LatentMap.Picture latents() {
        return latents.picture();
    }

    Map<String, String> provenance() {
        return provenance;
    }

    /** Where the training is, {@code end} empty if it has not said that it is over. */
    Progress progress() {
        return new Progress(end, epoch, seconds, stepsPerEpoch, parameters, lastTime);
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

    /** The tables that have rows, by name, each with at most so many. */
    Map<String, SeriesTable.Rows> tables(int mostRows) {
        Map<String, SeriesTable.Rows> result = new LinkedHashMap<>();
        tables.forEach((name, table) -> {
            if (!table.isEmpty()) {
                result.put(name, table.rows(mostRows));
            }
        });
        return result;
    }
}
