package org.likelihood4j.cli.options;

import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Option;

/** The trained model that a command computes with, and where. */
public final class ModelOptions extends RunOptions {
    @Option(
            names = "--device",
            description = "Where to compute: ${COMPLETION-CANDIDATES}; default: where the run was trained, or the"
                    + " processor if that device cannot be used here.")
    private Device device;

    public TrainedModel model() {
        RunDirectory run = run();
        return TrainedModel.open(
                run, checkpoint(), DataSources.shape(run.readConfig().data()), device(run));
    }

    /** The same for Java's interface, to be closed. */
    public OpenedModel opened() {
        RunDirectory run = run();
        return OpenedModel.open(run.path(), checkpoint(), device(run));
    }

    private Device device(RunDirectory run) {
        return device == null ? ComputeDevice.usable(run.readConfig()).device() : device;
    }
}
