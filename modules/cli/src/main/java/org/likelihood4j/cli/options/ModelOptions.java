package org.likelihood4j.cli.options;

import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.runs.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The trained model that a command computes with, and where. */
public final class ModelOptions extends RunOptions {
    private static final Logger LOG = LoggerFactory.getLogger(ModelOptions.class);

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
        RunConfig config = run.readConfig();
        if (device != null) {
            requireComputing(config);
            return device;
        }
        Device usable = ComputeDevice.usable(config).device();
        if (usable != config.device()) {
            LOG.warn("the run was trained on {}, which cannot be used here: computing on {}", config.device(), usable);
        }
        return usable;
    }

    private void requireComputing(RunConfig config) {
        try {
            ComputeDevice.on(config, device);
        } catch (ConfigException e) {
            throw new UserError("--device " + e.problem(), e);
        }
    }
}
