package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.likelihood4j.engine.cuda.CudaDevice;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.OnFakeCuda;
import org.likelihood4j.engine.cuda.TransferringEngine;

/** Every update rule, by CUDA's kernels on a CPU. */
@ExtendWith(OnFakeCuda.class)
class OptimizerOnCudaTest extends OptimizerContractTest {
    private static CudaDevice device;

    static List<Setup> setups() {
        device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY);
        // It is all tests'.
        assertThat(device.obstacle()).isEmpty();
        return List.of(new Setup("cuda", new TransferringEngine(device)));
    }

    @AfterAll
    static void close() {
        device.close();
    }
}
