package org.likelihood4j.training.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsFile;
import org.likelihood4j.training.diagnostics.BlockReport;
import org.likelihood4j.training.diagnostics.GradientReport;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.diagnostics.KlDiagnostics;
import org.likelihood4j.training.diagnostics.KlText;
import org.likelihood4j.training.diagnostics.LatentReport;
import org.likelihood4j.training.events.TrainingListener;

/**
 * Writes {@code metrics.jsonl} and, for a VAE, {@code diagnostics/epoch-0005.txt}. The first has one JSON object a line, see {@link
 * MetricsFile}.
 *
 * <pre>
 * {"event":"start", "time":..., "steps_per_epoch":..., "parameters":..., "provenance":{...}}
 * {"event":"step", "step":50, "epoch":1, "loss":..., "elbo":..., ..., "gradient_norm":..., "learning_rate":..., "blocks":[...]}
 * {"event":"epoch", "epoch":1, "step":600, "training":{...}, "validation":{...}, "best":true, "seconds":...}
 * {"event":"divergence", "step":..., "epoch":..., "quantity":"elbo", "blocks":[...]}
 * {"event":"end", "reason":"completed", "epoch":..., "step":...}
 * {"event":"resume", "time":..., "epoch":..., "step":..., the keys of "start"}
 * {"event":"rollback", "step":..., "to_step":..., "problem":..., "learning_rate_factor":...}
 * </pre>
 *
 * <p>Steps and epochs that a resume or a rollback takes again replace the lines that were there, so that none is there twice.
 *
 * <p>Reasons are "completed", "early_stopped", "worse_than_at_start", "interrupted" and "diverged", whose step is the last good one.
 *
 * <p>"blocks" has a {@link BlockReport} of each of the model's parts; numbers that are not finite are the strings "NaN",
 * "Infinity" and "-Infinity".
 *
 * <p>An epoch of a VAE also has "kl" ({@link KlAgreement}), "kl_pooled" (the same over all epochs so far), "latents" ({@link LatentReport}), "gradients" ({@link
 * GradientReport}) and, if there are any, "warnings"; a step has "kl" over the same examples.
 *
 * <p>Log quantities are in nats; a step's metrics are means since the line before.
 */
public final class MetricsLog implements TrainingListener {
    private final RunDirectory run;
    private final MetricsFile file;
    private final Consumer<String> warnings;

    /** @param warnings what could not be written and is not worth the training */
    public MetricsLog(RunDirectory run, Consumer<String> warnings) {
        this.run = run;
        this.file = new MetricsFile(run.metrics(), warnings);
        this.warnings = warnings;
    }

    /** Returns when all that was logged is on the disk. */
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void started(Start start) {
        Map<String, Object> line = line(start.resumed() ? "resume" : "start");
        if (start.resumed()) {
            file.cut(start.from());
            line.put("epoch", start.from().epoch());
            line.put("step", start.from().step());
        }
        file.open();
        line.put("steps_per_epoch", start.stepsPerEpoch());
        line.put("total_steps", start.totalSteps());
        line.put("parameters", start.parameters());
        line.put("provenance", start.provenance().values());
        write(line);
    }

    @Override
    public void rolledBack(RunState state, RunState.Rollback rollback) {
        file.cut(state);
        Map<String, Object> line = line("rollback");
        line.put("step", rollback.step());
        line.put("to_step", rollback.toStep());
        line.put("problem", rollback.problem());
        line.put("learning_rate_factor", rollback.learningRateFactor());
        write(line);
    }

    @Override
    public void reported(Report report) {
        Map<String, Object> line = line("step");
        line.put("step", report.last().step());
        line.put("epoch", report.last().epoch());
        line.putAll(report.metrics());
        if (report.kl() != null) {
            line.put("kl", report.kl().values());
        }
        if (report.metrics().containsKey("weighted_loss")) {
            line.put("kl_weight", report.last().klWeight());
        }
        line.put("gradient_norm", report.last().gradientNorm());
        line.put("learning_rate", report.last().learningRate());
        line.put("blocks", BlockReport.values(report.blocks()));
        write(line);
    }

    @Override
    public void diverged(Divergence divergence) {
        Map<String, Object> line = line("divergence");
        line.put("step", divergence.step());
        line.put("epoch", divergence.epoch());
        line.put("quantity", divergence.quantity());
        line.put("blocks", BlockReport.values(divergence.blocks()));
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
        if (epoch.kl() != null) {
            diagnostics(line, epoch.epoch(), epoch.kl());
        }
        write(line);
    }

    private void diagnostics(Map<String, Object> line, long epoch, KlDiagnostics kl) {
        if (kl.agreement() != null) {
            line.put("kl", kl.agreement().values());
        }
        if (kl.pooled() != null) {
            line.put("kl_pooled", kl.pooled().values());
        }
        if (!kl.warnings().isEmpty()) {
            line.put("warnings", kl.warnings());
        }
        if (kl.latents() != null) {
            line.put("latents", kl.latents().values());
        }
        if (kl.gradients() != null) {
            line.put("gradients", kl.gradients().values());
        }
        if (kl.latents() == null && kl.warnings().isEmpty()) {
            return;
        }
        Path table = run.diagnostics(epoch);
        try {
            AtomicFiles.createFolders(table.getParent());
            AtomicFiles.write(table, KlText.text(epoch, kl));
        } catch (IOException e) {
            warnings.accept(table + ": cannot be written (" + IoReasons.of(e) + "); the training goes on");
        }
    }

    @Override
    public void ended(EndReason reason, RunState state) {
        Map<String, Object> line = line("end");
        line.put("reason", reason.name().toLowerCase(Locale.ROOT));
        line.put("epoch", state.epoch());
        line.put("step", state.step());
        write(line);
        file.close();
    }

    private static Map<String, Object> line(String event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("time", Instant.now().toString());
        return line;
    }

    private void write(Map<String, Object> line) {
        file.append(JsonFiles.LINE.writeValueAsString(line));
    }
}
