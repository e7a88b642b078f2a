package org.likelihood4j.engine;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.likelihood4j.engine.cuda.FakeCuda.Way;

/** Every update rule, with the tiles that cards have, and by streams that do their work at once. */
@Tag("slow")
class OptimizerInOtherWaysOnCudaTest extends OptimizerOnCudaTest {
    static List<Setup> setups() {
        return setups(Way.TINY_EAGER, Way.USUAL_LATE, Way.USUAL_EAGER);
    }
}
