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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.cuda.source.KernelSource;
import org.likelihood4j.engine.cuda.source.Tiles;

/** NVIDIA's own compiler takes each kind of kernel for each card, and no thread needs more registers than it has. */
class CompiledForCardsTest {
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");

    @TempDir
    private Path folder;

    private static Optional<Path> nvcc() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder).resolve("nvcc"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void compile(int capability, HandmadePlan plan) throws Exception {
        assumeTrue(nvcc().isPresent(), "nvcc is not on the PATH: kernels are not compiled for cards");
        KernelSource source = new KernelSource(plan.plan(), Tiles.USUAL);
        Path text = folder.resolve("kernels.cu");
        Files.writeString(text, source.text());
        Process nvcc = new ProcessBuilder(
                        nvcc().get().toString(),
                        "-std=c++17",
                        "-arch=sm_" + capability,
                        "-Xptxas",
                        "-v",
                        "-cubin",
                        "-o",
                        folder.resolve("kernels.cubin").toString(),
                        text.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(nvcc.waitFor()).as(said).isZero();
        Matcher spills = SPILLS.matcher(said);
        int kernels = 0;
        while (spills.find()) {
            kernels++;
            assertThat(spills.group(1) + spills.group(2)).as(said).isEqualTo("00");
        }
        assertThat(kernels).isEqualTo(source.size());
        Matcher registers = REGISTERS.matcher(said);
        List<Integer> used = new ArrayList<>();
        while (registers.find()) {
            used.add(Integer.parseInt(registers.group(1)));
        }
        // Of 65,536 that a multiprocessor has: two blocks at least.
        assertThat(used).hasSize(kernels).allMatch(each -> each <= 128);
    }

    @Test
    void anH100TakesFoldsOfEachKind() throws Exception {
        compile(90, KernelsTest.folds());
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {75, 80, 89, 90, 100, 120})
    void eachCardTakesEachKindOfKernel(int capability) throws Exception {
        compile(capability, KernelsTest.folds());
        compile(capability, KernelsTest.operations());
        compile(capability, KernelsTest.convolutions());
    }
}
