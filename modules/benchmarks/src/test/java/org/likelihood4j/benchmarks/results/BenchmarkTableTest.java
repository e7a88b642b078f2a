package org.likelihood4j.benchmarks.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.benchmarks.work.Phase;

class BenchmarkTableTest {
    private static String text(double step, double compiled, double machine) {
        Quartiles ms = new Quartiles(step, step, step);
        MeasuredRow row = new MeasuredRow(
                "vae-deep", "1", Phase.STEP, "ours", "", ms, 1, 1, new Quartiles(1, 1, 1), 0.5, 0.31, compiled);
        return new BenchmarkTable(List.of(new Findings(
                        1,
                        new Peaks(90, 100, 80, ""),
                        110,
                        List.of(0.5, 2.0),
                        List.of(row),
                        List.of(new Unrest("vae-deep", Phase.STEP, new Quartiles(machine, machine, machine))),
                        List.of(),
                        List.of(new Parts("vae-deep", 2.4, 99, 0.66, 0.43)),
                        List.of(new MemoryUse("vae-deep", "ours", 300)))))
                .text();
    }

    @Test
    void aStepThatItsKernelsDoNotExplainIsTold() {
        assertThat(text(5, 0, 1))
                .contains(
                        "ours, vae-deep: the whole step, 5.000 ms, is not explained by its kernels one by one, 3.490 ms");
        assertThat(text(3.6, 0, 1)).doesNotContain("not explained").contains("31.0%");
    }

    @Test
    void aDisturbedMachineAndALateCompilerAreTold() {
        assertThat(text(3.5, 0, 1)).doesNotContain("disturbed").doesNotContain("JIT");
        assertThat(text(3.5, 0, 0.7)).contains("at 70% of that (70-70%): it was disturbed");
        assertThat(text(3.5, 0.2, 1)).contains("the JIT compiler was still at work for 20% of the time of ours");
    }
}
