package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.likelihood4j.engine.Devices;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.Storage;
import org.likelihood4j.engine.cuda.FakeCuda.Streams;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** What there is of a card before anybody trains on it: how it is found, why it cannot be used, and its vectors. */
@ExtendWith(OnFakeCuda.class)
class CudaDeviceTest {
    @Test
    void itIsFoundByItsNameAndNotOpenedByThat() {
        assertThat(Devices.named("cuda")).containsInstanceOf(CudaDevice.class);
        FakeCuda.configure(Streams.LATE, 1);
        int[] opened = new int[1];
        try (CudaDevice device = new CudaDevice(
                () -> {
                    opened[0]++;
                    return FakeCuda.card(Streams.LATE, 1);
                },
                Tiles.USUAL)) {
            assertThat(device.name()).isEqualTo("cuda");
            assertThat(device.layout().keepsInputs()).isTrue();
            assertThat(opened[0]).isZero();
            assertThat(device.obstacle()).isEmpty();
            assertThat(device.description()).isEqualTo("a CPU of compute capability 9.0, CUDA 0.1");
            assertThat(opened[0]).isEqualTo(1);
        }
    }

    @Test
    void whyItCannotBeUsedIsOneLine() {
        FakeCuda.configure(70, 13_000, 1);
        try (CudaDevice device =
                new CudaDevice(() -> Card.open(FakeCuda.toolkit(), 0, Path.of("unused")), Tiles.USUAL)) {
            String why = "cuda needs a card of compute capability 7.5 or newer, and there is a CPU of compute"
                    + " capability 7.0: use cpu";
            assertThat(device.obstacle()).contains(why);
            assertThatThrownBy(() -> device.allocate(DataType.FLOAT, 1))
                    .isInstanceOf(CudaException.class)
                    .hasMessage(why);
        }
        try (CudaDevice device = new CudaDevice(
                () -> {
                    throw new UnsatisfiedLinkError("no room\nfor libraries");
                },
                Tiles.USUAL)) {
            assertThat(device.obstacle()).contains("cuda needs JNA, which cannot be loaded: no room");
        }
    }

    @Test
    void kernelsAreKeptInTheUsersCache() {
        assertThat(CudaDevice.cubins(Map.of("XDG_CACHE_HOME", "/cache"))).hasToString("/cache/likelihood4j/cubins");
        assertThat(CudaDevice.cubins(Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/likelihood4j/cubins"));
    }

    /** Whoever asks for the host's side finds what the card has written, and may write what the card then finds. */
    @Test
    void eachSideFindsWhatTheOtherHasWritten() {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY)) {
            CudaStorage storage = device.allocate(3);
            assertThat(storage.host().toFloatVector()).containsExactly(0, 0, 0);
            storage.host().assign(Nd4j.createFromArray(1f, 2f, 3f));
            storage.toCard();
            storage.host().assign(5);
            // As if a program had written what stood there.
            storage.changeOnCard();
            assertThat(storage.host().toFloatVector()).containsExactly(1, 2, 3);
            assertThat(storage.host()).isSameAs(storage.host());
        }
    }

    @Test
    void whatACardDoesNotComputeWithIsInTheProcess() {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY)) {
            assertThat(device.allocate(DataType.DOUBLE, 2)).isNotInstanceOf(CudaStorage.class);
            Storage none = device.allocate(DataType.FLOAT, 0);
            assertThat(none.host().length()).isZero();
            assertThat(none.length()).isZero();
        }
    }

    /** There is room again when what nobody can reach is given back; else it is one line. */
    @Test
    void noRoomIsOneLineUnlessSomeCanBeMade() {
        for (int failures : new int[] {1, 2}) {
            FakeCuda.configure(Streams.LATE, 1);
            try (CudaDevice device = new CudaDevice(
                    () -> Card.open(
                            AlteredToolkit.failing(
                                    FakeCuda.toolkit(), "cuMemAlloc_v2", 1, 1 + failures, Driver.OUT_OF_MEMORY),
                            0,
                            Path.of("unused")),
                    Tiles.USUAL)) {
                if (failures == 1) {
                    assertThat(device.allocate(10).host().length()).isEqualTo(10);
                } else {
                    assertThatThrownBy(() -> device.allocate(1 << 20))
                            .isInstanceOf(CudaException.class)
                            .hasMessage("cuda: the card's memory has no room for 4 MiB more: use smaller batches or"
                                    + " a smaller model");
                }
            }
        }
    }

    /** All of it, before anybody is told that there is none. */
    @Test
    void roomIsAskedForAgainWhenAllIsGivenBack() {
        FakeCuda.configure(Streams.LATE, 1);
        AtomicInteger there = new AtomicInteger();
        try (CudaDevice device = device((function, arguments) -> {
            if (function.getName().equals("cuMemAlloc_v2")) {
                // cuBLAS's workspace is the first, and stays.
                boolean large = (long) arguments[1] > Float.BYTES;
                if (large && there.get() > 1) {
                    throw CudaException.noRoom("the card's memory", (long) arguments[1]);
                }
                there.incrementAndGet();
            }
            if (function.getName().equals("cuMemFree_v2")) {
                there.decrementAndGet();
            }
            return true;
        })) {
            for (int i = 0; i < 100; i++) {
                device.allocate(1);
            }
            CudaStorage last = device.allocate(2);
            assertThat(there).hasValue(2);
            assertThat(last.length()).isEqualTo(2);
        }
    }

    private static CudaDevice device(AlteredToolkit.Filter filter) {
        Toolkit toolkit = FakeCuda.toolkit();
        Driver driver = AlteredToolkit.around(Driver.class, toolkit.driver(), filter);
        return new CudaDevice(
                () -> Card.open(new Toolkit(driver, toolkit.nvrtc(), toolkit.cublas()), 0, Path.of("unused")),
                Tiles.USUAL);
    }

    /** While one thread brings the host's side, another one's program writes the card's: that one is the newer. */
    @Test
    void aChangeWhileTheHostsSideIsBroughtIsNotLost() throws InterruptedException {
        FakeCuda.configure(Streams.LATE, 1);
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        AtomicInteger brought = new AtomicInteger();
        try (CudaDevice device = device((function, arguments) -> {
            if (function.getName().equals("cuMemcpyDtoHAsync_v2")) {
                brought.incrementAndGet();
                meanwhile.getAndSet(() -> {}).run();
            }
            return true;
        })) {
            CudaStorage storage = device.allocate(1);
            storage.changeOnCard();
            Thread program = new Thread(storage::changeOnCard);
            meanwhile.set(() -> {
                program.start();
                try {
                    // Which it has, unless it waits for this thread.
                    program.join(200);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            storage.host();
            program.join();
            storage.host();
            assertThat(brought).hasValue(2);
        }
    }

    /** Who only reads costs no copy to the card. */
    @Test
    void whatIsOnlyReadIsNotBroughtBack() {
        Map<String, Integer> calls = new HashMap<>();
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY, calls)) {
            FlatVector vector = FlatVector.zeros(device, List.of(new Slot("w", List.of(2L), 0, true)), DataType.FLOAT);
            CudaStorage storage = CudaStorage.of(vector.storage(), device.card());
            storage.toCard();
            assertThat(vector.read().toFloatVector()).containsExactly(0, 0);
            storage.changeOnCard();
            assertThat(vector.read("w").toFloatVector()).containsExactly(0, 0);
            assertThat(vector.read()).isSameAs(storage.host());
            assertThat(calls).containsEntry("cuMemcpyDtoHAsync_v2", 1);
            storage.changeOnCard();
            vector.read();
            storage.toCard();
            assertThat(calls).doesNotContainKey("cuMemcpyHtoDAsync_v2");
            vector.view("w").assign(3);
            vector.read();
            storage.toCard();
            storage.changeOnCard();
            assertThat(vector.read().toFloatVector()).containsExactly(3, 3);
        }
    }

    /** Some time after nobody can reach it. */
    @Test
    void memoryIsGivenBack() throws InterruptedException {
        try (CudaDevice device = FakeCuda.device(Streams.LATE, 1, FakeCuda.TINY)) {
            device.card();
            String before = FakeCuda.live();
            device.allocate(1_000);
            assertThat(FakeCuda.live()).isNotEqualTo(before);
            for (int i = 0; i < 500 && !FakeCuda.live().equals(before); i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(FakeCuda.live()).isEqualTo(before);
        }
    }
}
