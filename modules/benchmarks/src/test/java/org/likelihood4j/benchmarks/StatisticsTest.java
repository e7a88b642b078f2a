package org.likelihood4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.benchmarks.results.Quartiles;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;

class StatisticsTest {
    @Test
    void quartilesInterpolate() {
        assertThat(Quartiles.of(4, 1, 3, 2)).isEqualTo(new Quartiles(1.75, 2.5, 3.25));
        assertThat(Quartiles.of(5)).isEqualTo(new Quartiles(5, 5, 5));
    }

    @Test
    void productsThatNobodyNeedsAreNotCounted() {
        Workload vae = new Workload.Vae("vae", 2, 5, new Mlp.Hidden(List.of(3), Activation.RELU), 4, false);
        // 5x3 twice; 3x8, 4x3 and 3x5 three times each.
        assertThat(vae.flops()).isEqualTo(2 * 2 * (2 * 15 + 3 * (24 + 12 + 15)));
        Workload flow = new Workload.CouplingFlow("flow", 2, 1, 4, 2, new Mlp.Hidden(List.of(3), Activation.RELU));
        // 2x3 and 3x4 in each of two blocks, the very first without its input's gradient.
        assertThat(flow.flops()).isEqualTo(2 * 2 * (2 * 6 + 3 * (12 + 6 + 12)));
    }
}
