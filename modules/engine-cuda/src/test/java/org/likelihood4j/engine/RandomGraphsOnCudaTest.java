package org.likelihood4j.engine;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.cuda.CudaDevice;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.OnFakeCuda;
import org.likelihood4j.engine.cuda.TransferringEngine;
import org.likelihood4j.engine.cuda.source.Tiles;

/** The random graphs of {@link RandomGraphsTest}, and the graph of each operation, by CUDA's kernels on a CPU. */
@ExtendWith(OnFakeCuda.class)
class RandomGraphsOnCudaTest {
    /** The first of all: of each kind of tiles and of streams there are some. */
    private static final int QUICK = 8;

    private static final int SEEDS = 40;

    private static Stream<Arguments> quick() {
        return IntStream.range(0, QUICK)
                .mapToObj(seed -> Arguments.of(seed, seed % 3 > 0, seed % 2 == 0 ? Streams.LATE : Streams.EAGER));
    }

    private static Stream<Arguments> all() {
        return Stream.of(Streams.values())
                .flatMap(streams -> Stream.of(true, false)
                        .flatMap(
                                tiny -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(seed, tiny, streams))));
    }

    @ParameterizedTest(name = "graph {0}, tiny tiles {1}, streams {2}")
    @MethodSource("quick")
    void aFewGraphsAreAsExactAsArithmetic(int seed, boolean tiny, Streams streams) {
        check(RandomGraphsTest.graph(seed), seed, tiny, streams);
    }

    @Tag("slow")
    @ParameterizedTest(name = "graph {0}, tiny tiles {1}, streams {2}")
    @MethodSource("all")
    void graphsAreAsExactAsArithmetic(int seed, boolean tiny, Streams streams) {
        check(RandomGraphsTest.graph(seed), seed, tiny, streams);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("operations")
    void operationsAreAsExactAsArithmetic(String name) {
        check(new GraphCase(1e-5, OperationsTest.graph(name)), 1, true, Streams.LATE);
    }

    private static Stream<String> operations() {
        return OperationsTest.cases();
    }

    @Tag("slow")
    @ParameterizedTest(name = "graph {0}")
    @MethodSource("seeds")
    void mixedPrecisionRoundsAsTheInterpreter(int seed) {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, seed, FakeCuda.TINY)) {
            RandomGraphsTest.orLeftOut(() -> RandomGraphsTest.graph(seed)
                    .checkMixed(new TransferringEngine(device, GraphCase.EVERYTHING), device.layout()));
        }
    }

    private static IntStream seeds() {
        return IntStream.range(0, SEEDS);
    }

    private static void check(GraphCase graph, int seed, boolean tiny, Streams streams) {
        try (CudaDevice device = FakeCuda.device(streams, seed, tiny ? FakeCuda.TINY : Tiles.USUAL)) {
            RandomGraphsTest.orLeftOut(() -> graph.checkArithmetic(new TransferringEngine(device), device.layout()));
        }
    }
}
