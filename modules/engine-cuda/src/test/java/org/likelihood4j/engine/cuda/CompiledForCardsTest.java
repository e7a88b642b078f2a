package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.cuda.source.FeedKernels;
import org.likelihood4j.engine.cuda.source.KernelSource;
import org.likelihood4j.engine.cuda.source.NoiseKernels;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.source.UpdateSource;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;
import org.likelihood4j.engine.cuda.toolkit.LibrarySearch;
import org.likelihood4j.engine.cuda.toolkit.Nvrtc;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/** NVIDIA's own compiler takes each kind of kernel for each card, and no thread needs more registers than it has. */
class CompiledForCardsTest {
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");

    @TempDir
    private Path folder;

    private static Optional<Path> nvcc() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder).resolve("nvcc"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Kernels, and what else their compiler is told. */
    private record Text(String text, List<String> options) {}

    private static List<Text> texts() {
        return List.of(
                update(new Optimizer.Adam(0.9, 0.99, 1e-8, 0.3), OptionalDouble.of(0.8)),
                update(new Optimizer.Momentum(0.9, 0.3), OptionalDouble.empty()),
                new Text(new NoiseKernels(100, 50, Tiles.USUAL).text(), List.of(NoiseKernels.OPTION)),
                new Text(new FeedKernels(100, 50, 60_000, Tiles.USUAL).text(), List.of()),
                text(KernelsTest.folds()),
                text(KernelsTest.manyNumbers()),
                text(KernelsTest.operations()),
                text(KernelsTest.narrow()),
                text(KernelsTest.convolutions()));
    }

    private static Text update(Optimizer optimizer, OptionalDouble average) {
        List<Slot> slots = List.of(new Slot("w", List.of(100L), 0, true), new Slot("b", List.of(9L), 112, false));
        UpdateRule rule = new UpdateRule(optimizer, OptionalDouble.of(3), average);
        return new Text(new UpdateSource(rule, slots, Tiles.USUAL).text(), List.of());
    }

    private static Text text(HandmadePlan plan) {
        return new Text(new KernelSource(plan.plan(), Tiles.USUAL).text(), List.of());
    }

    private void compile(int capability, Text kernels) throws Exception {
        assumeTrue(nvcc().isPresent(), "nvcc is not on the PATH: kernels are not compiled for cards");
        Path file = folder.resolve("kernels.cu");
        Files.writeString(file, kernels.text());
        List<String> command = new ArrayList<>(List.of(
                nvcc().get().toString(),
                "-std=c++17",
                "-arch=sm_" + capability,
                "-Xptxas",
                "-v",
                "-cubin",
                "-o",
                folder.resolve("kernels.cubin").toString(),
                file.toString()));
        command.addAll(kernels.options());
        Process nvcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(nvcc.waitFor()).as(said).isZero();
        // Functions that kernels call are told of as well.
        assertThat(numbers(SPILLS, said)).as(said).isNotEmpty().containsOnly(0);
        // Of 65,536 that a multiprocessor has: two blocks at least.
        assertThat(numbers(REGISTERS, said))
                .hasSize(kernels.text().split("\nENTRY\\(", -1).length - 1)
                .allMatch(each -> each <= 128);
    }

    private static List<Integer> numbers(Pattern pattern, String said) {
        return pattern.matcher(said)
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .toList();
    }

    @Test
    void anH100TakesFoldsUpdatesAndNoise() throws Exception {
        for (Text text : texts().subList(0, 6)) {
            compile(90, text);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {75, 80, 89, 90, 100, 120})
    void eachCardTakesEachKindOfKernel(int capability) throws Exception {
        for (Text text : texts()) {
            compile(capability, text);
        }
    }

    /** As machines with cards compile them: for each architecture that the NVRTC which is found here knows. */
    @Tag("slow")
    @Test
    void nvrtcTakesEachKindOfKernel() {
        // Where the loader looks it would find the tests' own one, which has been loaded by that name.
        LibrarySearch folders =
                new LibrarySearch(false, LibrarySearch.ofMachine().folders());
        Optional<Nvrtc> nvrtc = Stream.of(13, 12)
                .flatMap(major -> Toolkit.nvrtc(folders, major).stream())
                .findFirst();
        assumeTrue(nvrtc.isPresent(), "NVRTC is nowhere: kernels are not compiled by it");
        KernelCompiler compiler = new KernelCompiler(nvrtc.get());
        int[] architectures = Arrays.stream(compiler.architectures())
                .filter(architecture -> architecture >= 75)
                .toArray();
        assertThat(architectures).contains(75, 80, 89, 90);
        for (int architecture : architectures) {
            for (Text text : texts()) {
                List<String> options = new ArrayList<>(text.options());
                options.addAll(List.of("--gpu-architecture=sm_" + architecture, "--std=c++17"));
                byte[] code = compiler.compile(text.text(), options.toArray(String[]::new));
                assertThat(code).startsWith(0x7f, 'E', 'L', 'F');
            }
        }
    }
}
