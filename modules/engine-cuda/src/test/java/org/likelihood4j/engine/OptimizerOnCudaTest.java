package org.likelihood4j.engine;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.MirroredDevice;

/** Every update rule, by CUDA's kernels on a CPU. */
class OptimizerOnCudaTest extends OptimizerContractTest {
    @BeforeAll
    static void needsCompiler() {
        FakeCuda.require();
    }

    static List<Setup> setups() {
        FakeCuda.require();
        return List.of(new Setup(
                "cuda", new CompiledEngine(new MirroredDevice(FakeCuda.card(Streams.LATE, 1), FakeCuda.TINY))));
    }
}
