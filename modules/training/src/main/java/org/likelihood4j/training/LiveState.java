package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Path;
import org.likelihood4j.engine.TrainingProgram;

/** All that steps change: parameters, the optimiser's moments, counters and running means. A checkpoint is a copy of it. */
final class LiveState {
    private final ModelValues values;
    private final TrainingProgram program;
    private final Provenance provenance;
    private final long stepsPerEpoch;
    private final Since sinceReport;
    private final Since sinceEpoch;
    private KlAgreement.Sum allEpochs = new KlAgreement.Sum();
    private TrainingState state;
    private TrainingState saved;

    /** Of a new training. */
    LiveState(TrainingJob job, ModelValues values, TrainingProgram program) {
        this.values = values;
        this.program = program;
        this.provenance = job.provenance();
        this.stepsPerEpoch = job.stepsPerEpoch();
        this.sinceReport = new Since(values.model());
        this.sinceEpoch = new Since(values.model());
        this.state = TrainingState.initial(provenance);
    }

    TrainingState state() {
        return state;
    }

    void moveTo(TrainingState next) {
        state = next;
    }

    /** Means since the last line of metrics. */
    Since sinceReport() {
        return sinceReport;
    }

    /** Means since the epoch began. */
    Since sinceEpoch() {
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
        state = CheckpointFiles.restore(checkpoint, values, program.state()).with(provenance);
        try {
            sinceReport.restore(state.running().report());
            sinceEpoch.restore(state.running().epoch());
            allEpochs = state.running().kl().isEmpty()
                    ? new KlAgreement.Sum()
                    : KlAgreement.Sum.of(state.running().kl());
        } catch (IllegalArgumentException e) {
            throw new TrainingException(checkpoint + ": not of the model of config.yaml: " + e.getMessage(), e);
        }
        saved = state;
    }

    void save(Checkpoints checkpoints, boolean best) throws IOException {
        TrainingState.Running running =
                new TrainingState.Running(sinceReport.snapshot(), sinceEpoch.snapshot(), allEpochs.snapshot());
        TrainingState now = state.with(running);
        checkpoints.save(
                now, folder -> CheckpointFiles.write(folder, values, program.state(), now), best, withinEpoch());
        saved = state;
    }

    /** Whether the newest checkpoint is of this state. */
    boolean isSaved() {
        return state.equals(saved);
    }
}
