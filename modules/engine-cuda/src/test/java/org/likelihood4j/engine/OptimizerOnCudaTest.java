package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.likelihood4j.engine.cuda.CudaDevice;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Way;
import org.likelihood4j.engine.cuda.OnFakeCuda;
import org.likelihood4j.engine.cuda.TransferringEngine;

/** Every update rule, by CUDA's kernels on a CPU. */
@ExtendWith(OnFakeCuda.class)
class OptimizerOnCudaTest extends OptimizerContractTest {
    private static CudaDevice device;

    static List<Setup> setups() {
        return setups(Way.TINY_LATE);
    }

    /** Each is made when it is asked for, which is when the one before it has been tested: there is one card. */
    static List<Setup> setups(Way... ways) {
        FakeCuda.require();
        return new AbstractList<>() {
            @Override
            public Setup get(int index) {
                close();
                device = FakeCuda.device(ways[index].streams(), 1, ways[index].tiles());
                // It is all tests'.
                assertThat(device.obstacle()).isEmpty();
                return new Setup("cuda, " + ways[index], new TransferringEngine(device));
            }

            @Override
            public int size() {
                return ways.length;
            }
        };
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
            device = null;
        }
    }
}
