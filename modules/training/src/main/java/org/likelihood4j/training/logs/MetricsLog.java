package org.likelihood4j.training.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsEvent;
import org.likelihood4j.runs.metrics.MetricsFile;
import org.likelihood4j.runs.metrics.MetricsKeys;
import org.likelihood4j.training.diagnostics.BlockReport;
import org.likelihood4j.training.diagnostics.GradientReport;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.diagnostics.KlDiagnostics;
import org.likelihood4j.training.diagnostics.KlText;
import org.likelihood4j.training.diagnostics.LatentReport;
import org.likelihood4j.training.events.TrainingListener;

/**
 * Writes {@code metrics.jsonl}, a {@link MetricsEvent} a line, and, for a VAE, {@code diagnostics/epoch-0005.txt}.
 *
 * <p>Steps and epochs that a resume or a rollback takes again replace the lines that were there, so that none is there twice.
 *
 * <p>"blocks" has a {@link BlockReport} of each of the model's parts. An epoch of a VAE also has "kl" ({@link KlAgreement}),
 * "kl_pooled" (the same over all epochs so far), "latents" ({@link LatentReport}), "gradients" ({@link GradientReport}) and, if
 * there are any, "warnings"; a step has "kl" over the same examples.
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
        if (start.resumed()) {
            file.cut(start.from());
        }
        file.open();
        write(new MetricsEvent.Start(
                Optional.of(start.from().progress()).filter(from -> start.resumed()),
                start.stepsPerEpoch(),
                start.totalSteps(),
                start.parameters(),
                start.dimensions(),
                start.provenance().values()));
    }

    @Override
    public void rolledBack(RunState state, RunState.Rollback rollback) {
        file.cut(state);
        write(new MetricsEvent.Rollback(rollback));
    }

    @Override
    public void reported(Report report) {
        Step last = report.last();
        write(new MetricsEvent.Step(
                new RunState.Progress(last.epoch(), last.step()),
                report.metrics(),
                report.kl() == null ? null : report.kl().values(),
                report.metrics().containsKey(MetricsKeys.WEIGHTED_LOSS) ? last.klWeight() : null,
                last.gradientNorm(),
                last.learningRate(),
                BlockReport.values(report.blocks())));
    }

    @Override
    public void diverged(Divergence divergence) {
        write(new MetricsEvent.Divergence(
                new RunState.Progress(divergence.epoch(), divergence.step()),
                divergence.quantity(),
                BlockReport.values(divergence.blocks())));
    }

    @Override
    public void epochEnded(Epoch epoch) {
        KlDiagnostics kl = epoch.kl();
        if (kl != null && (kl.latents() != null || !kl.warnings().isEmpty())) {
            writeTable(epoch.epoch(), kl);
        }
        write(new MetricsEvent.Epoch(
                new RunState.Progress(epoch.epoch(), epoch.step()),
                epoch.training(),
                epoch.validation(),
                epoch.best(),
                epoch.seconds(),
                Optional.ofNullable(kl).map(MetricsLog::parts)));
    }

    private static MetricsEvent.KlParts parts(KlDiagnostics kl) {
        return new MetricsEvent.KlParts(
                kl.agreement() == null ? null : kl.agreement().values(),
                kl.pooled() == null ? null : kl.pooled().values(),
                kl.warnings(),
                kl.latents() == null ? null : kl.latents().values(),
                kl.gradients() == null ? null : kl.gradients().values());
    }

    private void writeTable(long epoch, KlDiagnostics kl) {
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
        write(new MetricsEvent.End(reason, state.progress()));
        file.close();
    }

    private void write(MetricsEvent event) {
        file.append(event.text(Instant.now()));
    }
}
