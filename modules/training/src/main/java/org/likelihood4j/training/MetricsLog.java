package org.likelihood4j.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes {@code metrics.jsonl}: one JSON object a line, each complete when the call returns.
 *
 * <pre>
 * {"event":"start", "time":..., "steps_per_epoch":..., "parameters":..., "provenance":{...}}
 * {"event":"step", "step":50, "epoch":1, "loss":..., "elbo":..., ..., "gradient_norm":..., "learning_rate":...}
 * {"event":"epoch", "epoch":1, "step":600, "training":{...}, "validation":{...}, "best":true, "seconds":...}
 * {"event":"end", "reason":"completed", "epoch":..., "step":...}
 * </pre>
 *
 * <p>Log quantities are in nats; a step's metrics are means since the line before.
 */
final class MetricsLog implements TrainingListener {
    private RunDirectory run;

    @Override
    public void started(Start start) {
        run = start.run();
        Map<String, Object> line = line("start");
        line.put("steps_per_epoch", start.stepsPerEpoch());
        line.put("total_steps", start.totalSteps());
        line.put("parameters", start.parameters());
        line.put("provenance", start.provenance().values());
        write(line);
    }

    @Override
    public void reported(Report report) {
        Map<String, Object> line = line("step");
        line.put("step", report.last().step());
        line.put("epoch", report.last().epoch());
        line.putAll(report.metrics());
        line.put("gradient_norm", report.last().gradientNorm());
        line.put("learning_rate", report.last().learningRate());
        write(line);
    }

    @Override
    public void epochEnded(Epoch epoch) {
        Map<String, Object> line = line("epoch");
        line.put("epoch", epoch.epoch());
        line.put("step", epoch.step());
        line.put("training", epoch.training());
        line.put("validation", epoch.validation());
        line.put("best", epoch.best());
        line.put("seconds", epoch.seconds());
        write(line);
    }

    @Override
    public void ended(Reason reason, TrainingState state) {
        Map<String, Object> line = line("end");
        line.put("reason", reason.name().toLowerCase(Locale.ROOT));
        line.put("epoch", state.epoch());
        line.put("step", state.step());
        write(line);
    }

    private static Map<String, Object> line(String event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("time", Instant.now().toString());
        return line;
    }

    private void write(Map<String, Object> line) {
        byte[] bytes = (Json.LINE.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(run.metrics(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new TrainingException(run.metrics() + ": cannot be written (" + RunDirectory.reason(e) + ")", e);
        }
    }
}
