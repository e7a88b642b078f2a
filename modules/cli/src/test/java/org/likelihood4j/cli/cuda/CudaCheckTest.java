package org.likelihood4j.cli.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.terminal.UserError;

/** Which graphics cards a build for CUDA accepts, with descriptions in the place of cards. */
class CudaCheckTest {
    private static final String T4 = "0, GPU-aaaa1111-22, Tesla T4, 7.5\n";
    private static final String H100 = "1, GPU-bbbb3333-44, NVIDIA H100 80GB HBM3, 9.0\n";
    private static final String K20 = "2, GPU-cccc5555-66, Tesla K20, 3.5\n";

    private static void check(String cards, Map<String, String> environment) {
        CudaCheck.require(() -> cards, environment);
    }

    private static String refusal(String cards, Map<String, String> environment) {
        return assertThatExceptionOfType(UserError.class)
                .isThrownBy(() -> check(cards, environment))
                .satisfies(error -> assertThat(error.getMessage())
                        .startsWith("device cuda: ")
                        .doesNotContain("\n"))
                .actual()
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.7", "5.0", "5.3", "6.1", "7.0", "7.5", "8.0", "8.6", "8.7", "8.9"})
    void runs(String capability) {
        assertThatCode(() -> check("0, GPU-1, Some card, " + capability, Map.of()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "3.0", "3.5", "9.0", "10.0", "12.0"})
    void doesNotRun(String capability) {
        assertThat(refusal("0, GPU-1, Some card, " + capability, Map.of()))
                .isEqualTo("device cuda: GPU 0 (Some card, compute capability " + capability
                        + ") cannot be used: ND4J's CUDA build runs on 3.7 to 8.9; use device: cpu");
    }

    @Test
    void oneOfSeveralThatCannotIsToBeHidden() {
        assertThat(refusal(T4 + H100, Map.of()))
                .contains("GPU 1 (NVIDIA H100 80GB HBM3", "set CUDA_VISIBLE_DEVICES=GPU-aaaa1111-22 to use only GPU 0");
        assertThat(refusal(H100 + K20, Map.of())).contains("GPU 1", "9.0", "use device: cpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", " 0 ", "GPU-aaaa", "GPU-aaaa1111-22", "0,7", "0,nonsense,1", "0,-1,1"})
    void onlyVisibleCardsCount(String visible) {
        assertThatCode(() -> check(T4 + H100 + K20, Map.of("CUDA_VISIBLE_DEVICES", visible)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "7", "NoDevFiles", "GPU-", "gpu-aaaa"})
    void hiddenCardsAreTold(String visible) {
        assertThat(refusal(T4 + H100, Map.of("CUDA_VISIBLE_DEVICES", visible)))
                .contains("CUDA_VISIBLE_DEVICES=" + visible + " hides every GPU", "Tesla T4", "1 more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0,1", "1,0", "GPU-bbbb"})
    void aVisibleCardThatCannotIsRefused(String visible) {
        assertThat(refusal(T4 + H100, Map.of("CUDA_VISIBLE_DEVICES", visible))).contains("GPU 1", "9.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n \n"})
    void noneIsTold(String nothing) {
        assertThat(refusal(nothing, Map.of())).isEqualTo("device cuda: no NVIDIA GPU here; use device: cpu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Field \"compute_cap\" is not a valid field to query.",
                "0, GPU-1, Some card, [N/A]",
                "0, GPU-1, Some card, 8",
                "0, Some card, 8.6",
                "0, GPU-1, Some card, 8.6, more",
                "0, GPU-1, Some card, 99999999999.0",
                "\u001b[2J garbage",
                "0, GPU-1, Some card, 8.6\nNo devices were found",
            })
    void whatIsNoDescriptionIsQuoted(String garbage) {
        assertThat(refusal(garbage, Map.of()))
                .contains("nvidia-smi says \"", "driver of version 510 or newer")
                .doesNotContain("\u001b");
    }

    @Test
    void namesMayHaveCommas() {
        assertThat(Gpu.parse("3, GPU-1, Quadro, with commas, 8.6"))
                .containsExactly(new Gpu(3, "GPU-1", "Quadro, with commas", 8, 6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo '0, GPU-1, Tesla T4, 7.5' |",
                "no-such-program-anywhere | no NVIDIA driver here",
                "echo 'NVIDIA-SMI has failed'; echo more; exit 9 | nvidia-smi fails: NVIDIA-SMI has failed;",
                "exit 3 | nvidia-smi fails: exit code 3",
            })
    void theToolIsAsked(String script, String problem) {
        List<String> command =
                script.startsWith("no-such") ? List.of(script.strip()) : List.of("/bin/sh", "-c", script.strip());
        if (problem == null) {
            assertThat(Gpu.parse(new NvidiaSmi(command).describe()))
                    .containsExactly(new Gpu(0, "GPU-1", "Tesla T4", 7, 5));
        } else {
            assertThatExceptionOfType(UserError.class)
                    .isThrownBy(() -> new NvidiaSmi(command).describe())
                    .withMessageContaining(problem);
        }
    }

    @Test
    void thisBuildIsForTheCpu() {
        assertThat(CudaCheck.isCudaBuild()).isFalse();
    }
}
