package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.source.NoiseKernels.Distribution;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/** Whatever fails, all that was made on a card is given back. */
@ExtendWith(OnFakeCuda.class)
class CardResourcesTest {
    /** The driver's status of a wrong argument. */
    private static final int INVALID = 1;

    /** Of which each may fail where there is no room or no right, or where a driver is at an end. */
    private static Stream<String> functions() {
        return Stream.of(
                "cuDevicePrimaryCtxRetain",
                "cuCtxSetCurrent",
                "cuStreamCreate",
                "cuMemAlloc_v2",
                "cuMemHostAlloc",
                "cuEventCreate",
                "cuModuleLoadData",
                "cuModuleGetFunction",
                "cuMemcpyHtoDAsync_v2",
                "cuMemsetD32Async",
                "cuStreamBeginCapture_v2",
                "cuGraphInstantiateWithFlags",
                "cublasCreate_v2",
                "cublasSetStream_v2",
                "cublasSetWorkspace_v2");
    }

    /** Each call of a function fails in turn, until none is left: in what makes, and runs, all that there is. */
    @ParameterizedTest
    @MethodSource("functions")
    void whatFailsLeavesNothing(String function) {
        int failures = 0;
        while (true) {
            FakeCuda.configure(Streams.LATE, 1);
            int call = failures;
            Throwable failure = catchThrowable(
                    () -> useAll(AlteredToolkit.failing(FakeCuda.toolkit(), function, call, call + 1, INVALID)));
            assertThat(FakeCuda.live())
                    .as("after call %s of %s", call, function)
                    .isEmpty();
            if (failure == null) {
                break;
            }
            assertThat(failure).isInstanceOf(CudaException.class);
            assertThat(failure.getMessage().lines()).hasSize(1);
            failures++;
        }
        assertThat(failures).as("calls of %s", function).isPositive();
    }

    private static void useAll(Toolkit toolkit) {
        try (Card card = Card.open(toolkit, 0, FakeCuda.folder().resolve("cubins"));
                CardVectors vectors = new CardVectors(card)) {
            long some = vectors.address(vectors.add(0f, 0f));
            UpdateRule rule = UpdateRule.of(new Optimizer.Momentum(0, 0));
            List<Slot> slots = List.of(new Slot("p", List.of(1L), 0, true));
            CudaUpdate.of(card, rule, slots, new CudaUpdate.Vectors(some, some, List.of(some), 0, some), FakeCuda.TINY)
                    .close();
            CudaNoise.of(card, Distribution.NORMALS, 1, 1, some, some, some, FakeCuda.TINY)
                    .close();
            PlantedErrorsTest.plan().run(card, FakeCuda.TINY, 3);
        }
    }

    /** Who finds no room for cuBLAS's workspace tries again, and nothing is left of before. */
    @Test
    void aHandleIsMadeWithItsWorkspaceOrNotAtAll() {
        FakeCuda.configure(Streams.LATE, 1);
        Toolkit toolkit = AlteredToolkit.failing(FakeCuda.toolkit(), "cuMemAlloc_v2", 1, 2, Driver.OUT_OF_MEMORY);
        try (Card card = Card.open(toolkit, 0, FakeCuda.folder().resolve("cubins"))) {
            String before = FakeCuda.live();
            assertThatThrownBy(() -> prepareProducts(card)).hasMessageContaining("no room for 32 MiB more");
            assertThat(FakeCuda.live()).isEqualTo(before);
            prepareProducts(card);
            prepareProducts(card);
            assertThat(FakeCuda.live()).isEqualTo("1 context, 2 cuBLAS, 2 memory, 2 stream");
        }
    }

    private static void prepareProducts(Card card) {
        // The first lane has been ready since the card was opened.
        card.locked(() -> card.lane(1).prepareProducts());
    }

    /** Also for those that the first one has not waited for, as after a failure. */
    @Test
    void allLanesAreWaitedFor() {
        try (Card card = FakeCuda.card(Streams.LATE, 1);
                CardVectors vectors = new CardVectors(card)) {
            int vector = vectors.add(1f, 2f);
            Memory host = new Memory(2L * Float.BYTES);
            host.clear();
            card.locked(() -> {
                Pointer lane = card.lane(1).stream();
                int status = card.driver().cuMemcpyDtoHAsync_v2(host, vectors.address(vector), host.size(), lane);
                card.check(status, "cuMemcpyDtoH");
                card.drain();
            });
            assertThat(host.getFloatArray(0, 2)).containsExactly(1, 2);
        }
    }

    /** What fails to be closed is told, and the rest is closed. */
    @Test
    void closingGoesOn() {
        FakeCuda.configure(Streams.LATE, 1);
        Toolkit toolkit = AlteredToolkit.failing(FakeCuda.toolkit(), "cuEventDestroy_v2", 1, 2, INVALID);
        try (Card card = Card.open(toolkit, 0, FakeCuda.folder().resolve("cubins"))) {
            CardResources resources = card.make(made -> made);
            card.locked(() -> {
                resources.allocate(8);
                resources.event(false);
                resources.event(false);
                resources.event(false);
                resources.pin(8);
            });
            assertThatThrownBy(resources::close).hasMessage("cuda: cuEventDestroy: invalid argument");
            assertThat(FakeCuda.live()).isEqualTo("1 context, 1 cuBLAS, 1 event, 1 memory, 2 stream");
        }
        FakeCuda.configure(Streams.LATE, 1);
    }

    @Test
    void theFirstFailureIsThrownWithTheOthers() {
        Closers closers = new Closers();
        int[] closed = new int[1];
        closers.add(() -> closed[0]++);
        for (String message : List.of("last", "first")) {
            closers.add(() -> {
                throw new CudaException(message);
            });
        }
        Throwable failure = catchThrowable(closers::close);
        assertThat(failure).hasMessage("first");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessage("last"));
        assertThat(closed[0]).isEqualTo(1);
        closers.close();
        assertThat(closed[0]).as("closed twice").isEqualTo(1);
    }
}
