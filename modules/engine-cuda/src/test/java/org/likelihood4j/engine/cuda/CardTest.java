package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.toolkit.Cublas;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;
import org.likelihood4j.engine.cuda.toolkit.Nvrtc;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;
import org.likelihood4j.engine.plan.Plan.Kernel;

/** Which cards are taken, and what is kept of what was compiled for one. */
@ExtendWith(OnFakeCuda.class)
class CardTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void configure() {
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
        assertSays(2, "cuda: there is no card 2 among 1; they are counted from 0");
        FakeCuda.configure(70, 13_000, 1);
        assertSays(
                0,
                "cuda needs a card of compute capability 7.5 or newer, and there is a CPU of compute capability"
                        + " 7.0: use cpu");
        FakeCuda.configure(120, 13_000, 1);
        assertSays(
                0,
                "cuda: there is a CPU of compute capability 12.0, which NVRTC 0.1 does not know: install a newer"
                        + " CUDA (12.8 for 10.0 and 12.0)");
    }

    /** Which knows neither the card nor what it does not know. */
    @ParameterizedTest
    @ValueSource(ints = {8, 13, 15})
    void anOlderCublasIsOneLine(int status) {
        try (Card card = Card.open(FakeCuda.toolkit(), 0, folder)) {
            assertThatThrownBy(() -> card.checkProduct(status, "cublasSgemm"))
                    .isInstanceOf(CudaException.class)
                    .hasMessage("cuda: cublasSgemm: cuBLAS's status " + status
                            + ", as where it is older than a CPU of compute capability 9.0: install a newer CUDA (12.8 for"
                            + " 10.0 and 12.0)");
            assertThatThrownBy(() -> card.checkProduct(14, "cublasSgemm"))
                    .hasMessage("cuda: cublasSgemm: cuBLAS's status 14");
        }
    }

    /** Before anything is computed. */
    @Test
    void aCublasThatCannotBeginIsOneLine() {
        Toolkit toolkit = AlteredToolkit.failing(FakeCuda.toolkit(), "cublasCreate_v2", 0, 1, 1);
        assertThatThrownBy(() -> Card.open(toolkit, 0, folder))
                .isInstanceOf(CudaException.class)
                .hasMessage(
                        "cuda: cublasCreate: cuBLAS cannot begin on a CPU of compute capability 9.0: another program may"
                                + " fill the card, or the driver be older than cuBLAS; see to that, or use cpu");
        assertThat(FakeCuda.live()).isEmpty();
    }

    @Test
    void aCardThatIsFullIsOneLine() {
        List<Toolkit> full = List.of(
                AlteredToolkit.failing(FakeCuda.toolkit(), "cublasCreate_v2", 0, 1, Cublas.ALLOC_FAILED),
                AlteredToolkit.failing(FakeCuda.toolkit(), "cuMemAlloc_v2", 0, 1, Driver.OUT_OF_MEMORY));
        for (Toolkit toolkit : full) {
            assertThatThrownBy(() -> Card.open(toolkit, 0, folder))
                    .hasMessage(
                            "cuda: the memory of a CPU of compute capability 9.0 is full: end the program that fills"
                                    + " it, or use cpu");
            assertThat(FakeCuda.live()).isEmpty();
        }
    }

    /** What is compiled for an older one of the same major version. */
    @Test
    void aCardRunsTheNewestCodeThatNvrtcKnowsForIt() {
        for (int capability : new int[] {75, 86, 90, 103}) {
            FakeCuda.configure(capability, 13_000, 1);
            try (Card card = Card.open(FakeCuda.toolkit(), 0, folder)) {
                assertThat(card.description())
                        .isEqualTo("a CPU of compute capability " + capability / 10 + "." + capability % 10
                                + ", CUDA 0.1");
                HandmadePlan plan = new HandmadePlan(1);
                plan.add(new Kernel.Select(2, List.of(1, 0), plan.input(2, 2), plan.output(2, 2)));
                plan.check(card, FakeCuda.TINY, 0);
            }
        }
    }

    /** Each with programs of its own, whose kernels, products and captures come between each other's. */
    @ParameterizedTest
    @EnumSource
    void twoThreadsUseOneCard(Streams streams) throws Exception {
        int threads = 2;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Card card = FakeCuda.card(streams, 1)) {
            // What they compile is there then, so that nobody waits for that.
            PlantedErrorsTest.plan().check(card, FakeCuda.TINY, 2e-6);
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(pool.submit(() -> {
                    for (int i = 0; i < 5; i++) {
                        together.await(1, TimeUnit.MINUTES);
                        PlantedErrorsTest.plan().check(card, FakeCuda.TINY, 2e-6);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    /** Whose products have the workspaces of the same lanes. */
    @Test
    void aTimedRunIsInOrderWithWhatOthersGive() {
        timeBesideAnother(true);
        assertThatThrownBy(() -> timeBesideAnother(false))
                .hasMessageContaining("two products of different streams may run at once with one workspace");
    }

    /** Between each two kernels of a plan that is timed somebody gives a graph to the card. */
    private static void timeBesideAnother(boolean inOrder) {
        FakeCuda.configure(Streams.LATE, 1);
        Toolkit toolkit = FakeCuda.toolkit();
        Runnable[] another = {() -> {}};
        boolean[] waits = {true};
        Driver driver = AlteredToolkit.around(Driver.class, toolkit.driver(), (function, arguments) -> {
            if (function.getName().equals("cuEventElapsedTime")) {
                another[0].run();
            }
            return waits[0] || !function.getName().equals("cuStreamWaitEvent");
        });
        HandmadePlan plan = PlantedErrorsTest.plan();
        try (Card card = Card.open(
                        new Toolkit(driver, toolkit.nvrtc(), toolkit.cublas()),
                        0,
                        FakeCuda.folder().resolve("cubins"));
                CardResources memory = card.make(made -> made);
                CudaProgram other = plan.bind(memory, new ArrayList<>(), FakeCuda.TINY)) {
            plan.setInputs(other);
            List<List<float[]>> alone = plan.run(card, FakeCuda.TINY, 1);
            // The second run makes the graph.
            other.run();
            other.run();
            another[0] = other::run;
            waits[0] = inOrder;
            assertThat(plan.run(card, FakeCuda.TINY, 1).get(0).get(0))
                    .isEqualTo(alone.get(0).get(0));
        }
    }

    private static final String TEXT = "extern \"C\" int a() { return 1; }";
    private static final List<String> OPTIONS = List.of("--gpu-architecture=sm_90");

    /** By all that it depends on. */
    @Test
    void whatIsCompiledIsKept() throws Exception {
        Cubins cubins = new Cubins(folder.resolve("made"));
        int[] compiled = new int[1];
        KernelCompiler compiler = new KernelCompiler(AlteredToolkit.around(
                Nvrtc.class, FakeCuda.toolkit().nvrtc(), (function, arguments) -> {
                    compiled[0] += function.getName().equals("nvrtcCompileProgram") ? 1 : 0;
                    return true;
                }));
        byte[] code = cubins.code(compiler, TEXT, OPTIONS);
        assertThat(cubins.code(compiler, TEXT, OPTIONS)).isEqualTo(code);
        assertThat(compiled[0]).isEqualTo(1);
        cubins.code(compiler, TEXT + " ", OPTIONS);
        cubins.code(compiler, TEXT, List.of("--gpu-architecture=sm_75"));
        assertThat(compiled[0]).isEqualTo(3);
        assertThat(files()).hasSize(3);
        assertThat(new Cubins(folder.resolve("made")).code(compiler, TEXT, OPTIONS))
                .isEqualTo(code);
        assertThat(compiled[0]).isEqualTo(3);
    }

    /** As a crash may have left it. */
    @Test
    void whatIsEmptyOrCutIsCompiledAgain() throws Exception {
        Cubins cubins = new Cubins(folder.resolve("made"));
        byte[] code = cubins.code(compiler(), TEXT, OPTIONS);
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, 32, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(cubins.code(compiler(), TEXT, OPTIONS)).isEqualTo(code);
            assertThat(file).hasBinaryContent(whole);
        }
        Files.write(file, new byte[whole.length]);
        assertThat(cubins.code(compiler(), TEXT, OPTIONS)).isEqualTo(code);
    }

    @Test
    void whatCannotBeKeptIsCompiledAllTheSame() throws Exception {
        Path file = Files.writeString(folder.resolve("a file"), "of another kind");
        assertThat(new Cubins(file).code(compiler(), TEXT, OPTIONS)).isNotEmpty();
        assertThat(new Cubins(file.resolve("below")).code(compiler(), TEXT, OPTIONS))
                .isNotEmpty();
        assertThat(file).hasContent("of another kind");
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
                .hasMessageStartingWith("cuda: NVRTC refuses a kernel, NVRTC_ERROR_COMPILATION: ")
                .hasMessageContaining("was not declared");
        assertThatThrownBy(() -> cubins.code(compiler(), "", List.of("--gpu-architecture=compute_90")))
                .hasMessageContaining("the code would be PTX");
    }
}
