package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;

/** Which cards are taken, and what is kept of what was compiled for one. */
class CardTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void needsCompiler() {
        FakeCuda.require();
        FakeCuda.configure(Streams.LATE, 1);
    }

    private static KernelCompiler compiler() {
        return new KernelCompiler(FakeCuda.toolkit().nvrtc());
    }

    private void assertSays(int ordinal, String message) {
        assertThatThrownBy(() -> Card.open(FakeCuda.toolkit(), ordinal, folder))
                .isInstanceOf(CudaException.class)
                .hasMessage(message);
    }

    @Test
    void aCardThatCannotBeUsedIsRefusedInOneLine() {
        assertSays(2, "device cuda: there is no card 2 among 1; they are counted from 0");
        FakeCuda.configure(70, 13_000, 1);
        assertSays(0, "device cuda needs a card of compute capability 7.5 or newer, a CPU is of 7.0: use device cpu");
        FakeCuda.configure(100, 13_000, 1);
        assertSays(
                0,
                "device cuda: a CPU is of 10.0, which NVRTC 0.1 does not know: install a newer CUDA (12.8 for 10.0 and"
                        + " 12.0)");
    }

    @Test
    void aCardSaysWhatItIs() {
        try (Card card = FakeCuda.card(Streams.LATE, 1)) {
            assertThat(card.name()).isEqualTo("a CPU");
            assertThat(card.architecture()).isEqualTo(90);
            assertThat(card.multiprocessors()).isEqualTo(132);
        }
    }

    /** By all that it depends on; what a crash left of another file is no code. */
    @Test
    void whatIsCompiledIsKept() throws Exception {
        Cubins cubins = new Cubins(folder.resolve("made"));
        List<String> options = List.of("--gpu-architecture=sm_90");
        byte[] code = cubins.code(compiler(), "extern \"C\" int a() { return 1; }", options);
        List<Path> files = files();
        assertThat(files).hasSize(1);
        Files.write(files.get(0), "kept".getBytes(StandardCharsets.UTF_8));
        assertThat(cubins.code(compiler(), "extern \"C\" int a() { return 1; }", options))
                .asString()
                .isEqualTo("kept");
        assertThat(cubins.code(compiler(), "extern \"C\" int a() { return 2; }", options))
                .hasSameSizeAs(code);
        cubins.code(compiler(), "extern \"C\" int a() { return 1; }", List.of("--gpu-architecture=sm_75"));
        assertThat(files()).hasSize(3);
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("made"))) {
            return files.toList();
        }
    }

    @Test
    void whatTheCompilerSaysIsTold() {
        Cubins cubins = new Cubins(folder);
        assertThatThrownBy(() -> cubins.code(
                        compiler(), "extern \"C\" int a() { return b; }", List.of("--gpu-architecture=sm_90")))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("NVRTC refuses a kernel, NVRTC_ERROR_COMPILATION: ")
                .hasMessageContaining("was not declared");
        assertThatThrownBy(() -> cubins.code(compiler(), "", List.of("--gpu-architecture=compute_90")))
                .hasMessageContaining("the code would be PTX");
    }
}
