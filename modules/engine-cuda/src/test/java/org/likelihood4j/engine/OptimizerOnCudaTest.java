package org.likelihood4j.engine;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.cuda.Card;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.MirroredDevice;
import org.likelihood4j.engine.cuda.OnFakeCuda;

/** Every update rule, by CUDA's kernels on a CPU. */
@ExtendWith(OnFakeCuda.class)
class OptimizerOnCudaTest extends OptimizerContractTest {
    private static Card card;
    private static MirroredDevice device;

    static List<Setup> setups() {
        card = FakeCuda.card(Streams.LATE, 1);
        device = new MirroredDevice(card, FakeCuda.TINY);
        return List.of(new Setup("cuda", new CompiledEngine(device)));
    }

    @AfterAll
    static void close() {
        device.close();
        card.close();
    }
}
