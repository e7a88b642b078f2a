package org.likelihood4j.training.loop;

import java.io.IOException;
import java.nio.file.Path;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.CheckpointTensors;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.diagnostics.RunningMetrics;

/** All that steps change: parameters, the optimiser's moments, counters and running means. A checkpoint is a copy of it. */
final class LiveState {
    private final ModelValues values;
    private final TrainingProgram program;
    private final Provenance provenance;
    private final long stepsPerEpoch;
    private final RunningMetrics sinceReport;
    private final RunningMetrics sinceEpoch;
    private KlAgreement.Sum allEpochs = new KlAgreement.Sum();
    private RunState state;
    private RunState saved;

    /** Of a new training. */
    LiveState(TrainingJob job, ModelValues values, TrainingProgram program) {
        this.values = values;
        this.program = program;
        this.provenance = job.provenance();
        this.stepsPerEpoch = job.stepsPerEpoch();
        this.sinceReport = new RunningMetrics(values.model());
        this.sinceEpoch = new RunningMetrics(values.model());
        this.state = RunState.initial(provenance);
    }

    RunState state() {
        return state;
    }

    void moveTo(RunState next) {
        state = next;
    }

    /** Means since the last line of metrics. */
    RunningMetrics sinceReport() {
        return sinceReport;
    }

    /** Means since the epoch began. */
    RunningMetrics sinceEpoch() {
        return sinceEpoch;
    }

    /** Both KLs over every validation of the training, whose noise is independent. */
    KlAgreement.Sum allEpochs() {
        return allEpochs;
    }

    /** The averaged parameters where the run keeps them: these are validated, reported on and drawn. */
    ModelValues evaluated() {
        return program.state().ema().map(values::withParameters).orElse(values);
    }

    boolean withinEpoch() {
        return state.step() > state.epoch() * stepsPerEpoch;
    }

    /** Goes back, or on, to where a checkpoint was saved. */
    void restore(Path checkpoint) {
        state = CheckpointTensors.restore(checkpoint, values, program.state()).with(provenance);
        try {
            sinceReport.restore(state.running().report());
            sinceEpoch.restore(state.running().epoch());
            allEpochs = state.running().kl().isEmpty()
                    ? new KlAgreement.Sum()
                    : KlAgreement.Sum.of(state.running().kl());
        } catch (IllegalArgumentException e) {
            throw new RunException(checkpoint + ": not of the model of config.yaml: " + e.getMessage(), e);
        }
        saved = state;
    }

    void save(Checkpoints checkpoints, boolean best) throws IOException {
        RunState.Running running =
                new RunState.Running(sinceReport.snapshot(), sinceEpoch.snapshot(), allEpochs.snapshot());
        RunState now = state.with(running);
        checkpoints.save(
                now, folder -> CheckpointTensors.write(folder, values, program.state(), now), best, withinEpoch());
        saved = state;
    }

    /** Whether the newest checkpoint is of this state. */
    boolean isSaved() {
        return state.equals(saved);
    }
}
