package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.engine.Devices;
import org.likelihood4j.training.TinyRun;

/** Where a configuration's programs run, with no jar that brings cards. */
class ComputeDeviceTest {
    private static final RunConfig CPU = TinyRun.config(TinyRun.VAE);
    private static final RunConfig CUDA = TinyRun.config(TinyRun.VAE, "device=cuda");

    @Test
    void theProcessorIsAlwaysThere() {
        assertThat(ComputeDevice.of(CPU)).isSameAs(Devices.cpu());
        assertThat(ComputeDevice.usable(CPU)).isEqualTo(CPU);
    }

    @Test
    void aDeviceThatIsNotThereIsSaidInOneLine() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ComputeDevice.of(CUDA))
                .withMessage("device: cuda is not on the class path: add likelihood4j-engine-cuda, or use cpu");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> ComputeDevice.require(CUDA));
    }

    @Test
    void aTrainedModelIsBoundToNoDevice() {
        assertThat(ComputeDevice.usable(CUDA).device()).isEqualTo(Device.CPU);
        assertThat(ComputeDevice.usable(CUDA)).isEqualTo(CUDA.withDevice(Device.CPU));
    }

    /** Whose configuration nobody edits. */
    @Test
    void whatARunIsNotForIsSaidWithWhatToDo() {
        RunConfig reference = TinyRun.config(TinyRun.VAE, "engine=reference");
        assertThat(ComputeDevice.on(CUDA, Device.CPU)).isEqualTo(CUDA.withDevice(Device.CPU));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ComputeDevice.on(reference, Device.CUDA))
                .withMessage("device: cuda: the run's engine: reference computes on the CPU: use cpu");
    }
}
