package org.likelihood4j.inference.runtime;

import java.util.Optional;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Precision;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Devices;
import org.likelihood4j.engine.Engines;

/** The engine's device for a configuration's. */
public final class ComputeDevice {
    private static final String CUDA = "cuda";

    private ComputeDevice() {}

    /**
     * Where programs of a configuration run.
     *
     * @throws ConfigException if that device cannot be used here, in one line that says why
     */
    public static Device of(RunConfig config) {
        Optional<Device> device = found(config);
        Optional<String> obstacle = obstacle(device);
        if (obstacle.isPresent()) {
            throw new ConfigException("device", obstacle.get());
        }
        return device.orElseThrow();
    }

    /**
     * Checks that a training can compute where, and in the precision that, its configuration says.
     *
     * @throws ConfigException if not
     */
    public static void require(RunConfig config) {
        Device device = of(config);
        if (config.precision() == Precision.MIXED && Engines.mixed(device).isEmpty()) {
            throw noBfloat16(device);
        }
        if (config.precision() == Precision.TF32 && Engines.tf32(device).isEmpty()) {
            throw noTf32();
        }
    }

    /** The same configuration on the processor where its device cannot be used: a trained model is bound to none. */
    public static RunConfig usable(RunConfig config) {
        return obstacle(found(config)).isPresent() ? config.withDevice(RunConfig.Device.CPU) : config;
    }

    /**
     * A run's configuration on another device. Nobody edits that of a run: what is to be done is another device.
     *
     * @throws ConfigException of {@code device} if what the run says is not for it
     */
    public static RunConfig on(RunConfig run, RunConfig.Device device) {
        try {
            return run.withDevice(device);
        } catch (ConfigException e) {
            String why = e.problem().replaceFirst(";.*", "");
            throw new ConfigException(
                    "device", device + ": the run's " + e.key() + ": " + why + ": use " + RunConfig.Device.CPU);
        }
    }

    static ConfigException noBfloat16(Device device) {
        return new ConfigException(
                "precision",
                "mixed needs "
                        + (device.name().equals(CUDA)
                                ? "a card of compute capability 8.0 or newer"
                                : "a CPU with instructions for bfloat16, AVX512_BF16 or AMX")
                        + ", which this one is not; use float32");
    }

    static ConfigException noTf32() {
        return new ConfigException(
                "precision",
                "tf32 needs a card of compute capability 8.0 or newer, which this one is not; use float32");
    }

    private static Optional<Device> found(RunConfig config) {
        return Devices.named(config.device().toString());
    }

    private static Optional<String> obstacle(Optional<Device> device) {
        return device.isPresent()
                ? device.get().obstacle()
                : Optional.of("cuda is not on the class path: add likelihood4j-engine-cuda, or use cpu");
    }
}
