package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.RunConfig.EngineKind;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.training.TinyRun;

/** The device of a configuration and that of the program. */
class ComputeDeviceTest {
    @Test
    void theyMustAgree() {
        assertThat(ComputeDevice.current()).isEqualTo(Device.CPU);
        for (Device device : Device.values()) {
            assertThatCode(() -> ComputeDevice.require(device, device)).doesNotThrowAnyException();
        }
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ComputeDevice.require(Device.CUDA, Device.CPU))
                .withMessage("device: is cuda, but this program was built for the CPU; start it with"
                        + " LIKELIHOOD4J_DEVICE=cuda, or use device: cpu");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ComputeDevice.require(Device.CPU, Device.CUDA))
                .withMessage("device: is cpu, but this program was built for CUDA; start it without"
                        + " LIKELIHOOD4J_DEVICE=cuda, or use device: cuda");
    }

    @Test
    void cudaHasTheReferenceEngineOnly() {
        RunConfig config = TinyRun.config(TinyRun.VAE, "device=cuda");
        assertThat(config.device()).isEqualTo(Device.CUDA);
        assertThat(config.engine()).isEqualTo(EngineKind.REFERENCE);
        assertThat(TinyRun.config(TinyRun.VAE).engine()).isEqualTo(EngineKind.COMPILED);
    }
}
