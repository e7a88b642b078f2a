package org.likelihood4j.inference.runtime;

import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.cpu.Host;

/** What ND4J computes on in this JVM: that is decided by the backend on its class path, and a configuration can only agree. */
public final class ComputeDevice {
    private ComputeDevice() {}

    static Device current() {
        return Host.holdsArrays() ? Device.CPU : Device.CUDA;
    }

    /**
     * Checks that a training would compute where, and in the precision that, its configuration says. A trained model may be used on
     * any device.
     *
     * @throws ConfigException if not
     */
    public static void require(RunConfig config) {
        require(config.device(), current());
        if (config.precision() == RunConfig.Precision.MIXED && Engines.mixed().isEmpty()) {
            throw ModelBuilder.noBfloat16();
        }
    }

    static void require(Device wanted, Device current) {
        if (wanted == current) {
            return;
        }
        throw new ConfigException(
                "device",
                current == Device.CPU
                        ? "is cuda, but this program was built for the CPU; start it with LIKELIHOOD4J_DEVICE=cuda, or use"
                                + " device: cpu"
                        : "is cpu, but this program was built for CUDA; start it without LIKELIHOOD4J_DEVICE=cuda, or use"
                                + " device: cuda");
    }
}
