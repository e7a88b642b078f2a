package org.likelihood4j.spark.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums over sockets: those of the tree over neighbours, to the bit, for any number of workers. */
@Timeout(60)
class MeshTest {
    private static final String HOST = "127.0.0.1";
    private static final Mesh.Patience SHORT = new Mesh.Patience(2_000, 1_000);
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterAll
    static void end() {
        THREADS.shutdownNow();
    }

    private interface Work<T> {
        T with(Mesh mesh, int rank) throws Exception;
    }

    private static <T> List<Future<T>> workers(int count, Mesh.Patience patience, Work<T> work) throws IOException {
        MeshPort port = MeshPort.shared(HOST);
        UUID round = UUID.randomUUID();
        List<String> addresses = Collections.nCopies(count, port.address());
        List<Future<T>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int rank = i;
            Callable<T> task = () -> {
                try (Mesh mesh = new Mesh(port, round, rank, addresses, patience)) {
                    return work.with(mesh, rank);
                }
            };
            all.add(THREADS.submit(task));
        }
        return all;
    }

    private static float[] vector(int length, int of) {
        Random random = new Random(of);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            // Of sizes so different that another order of additions gives other bits.
            values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8)));
        }
        return values;
    }

    /** {@code ((0 + 1) + (2 + 3)) + ...} */
    private static float tree(int from, int to, int place, float[][] vectors) {
        if (to - from == 1) {
            return vectors[from][place];
        }
        int middle = (from + to) / 2;
        return tree(from, middle, place, vectors) + tree(middle, to, place, vectors);
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 1", "2, 1000001", "4, 3", "4, 777", "8, 5", "8, 300000"})
    void theSumIsThatOfTheTree(int count, int length) throws Exception {
        float[][] vectors = new float[count][];
        for (int rank = 0; rank < count; rank++) {
            vectors[rank] = vector(length, rank);
        }
        float[] expected = new float[length];
        for (int i = 0; i < length; i++) {
            expected[i] = tree(0, count, i, vectors);
        }
        for (Future<float[][]> worker : workers(count, Mesh.Patience.USUAL, (mesh, rank) -> {
            float[] once = vectors[rank].clone();
            float[] twice = vectors[rank].clone();
            mesh.sum(once);
            mesh.sum(twice);
            return new float[][] {once, twice};
        })) {
            for (float[] sum : worker.get()) {
                // Its own comparison would take minutes.
                assertThat(Arrays.equals(sum, expected)).isTrue();
            }
        }
    }

    @Test
    void anotherOrderWouldBeSeen() {
        float[][] vectors = {vector(1000, 0), vector(1000, 1), vector(1000, 2), vector(1000, 3)};
        int different = 0;
        for (int i = 0; i < 1000; i++) {
            float chain = vectors[0][i] + vectors[1][i] + vectors[2][i] + vectors[3][i];
            different += chain == tree(0, 4, i, vectors) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(100);
    }

    @Test
    void doublesAreSummedAsDoubles() throws Exception {
        for (Future<double[]> worker : workers(4, Mesh.Patience.USUAL, (mesh, rank) -> {
            double[] values = {1.0 / (rank + 3), Math.PI * rank, 1e-300};
            mesh.sum(values);
            return values;
        })) {
            assertThat(worker.get())
                    .containsExactly(
                            (1.0 / 3 + 1.0 / 4) + (1.0 / 5 + 1.0 / 6),
                            (0 + Math.PI) + (Math.PI * 2 + Math.PI * 3),
                            (1e-300 + 1e-300) + (1e-300 + 1e-300));
        }
    }

    @Test
    void aLostWorkerIsNoticedByAll() throws Exception {
        List<Future<float[]>> all = workers(4, SHORT, (mesh, rank) -> {
            float[] values = vector(100_000, rank);
            mesh.sum(values);
            if (rank == 2) {
                return values;
            }
            mesh.sum(values);
            return values;
        });
        for (int rank : new int[] {0, 1, 3}) {
            Future<float[]> worker = all.get(rank);
            assertThatThrownBy(() -> worker.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aSilentWorkerIsGivenUp() throws Exception {
        List<Future<Integer>> all = workers(2, SHORT, (mesh, rank) -> {
            if (rank == 1) {
                Thread.sleep(5_000);
                return 0;
            }
            mesh.sum(new float[10]);
            return 1;
        });
        assertThatThrownBy(() -> all.get(0).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("worker 1 has said nothing for 1 s");
    }

    @Test
    void strangersAreNotAnswered() throws Exception {
        MeshPort port = MeshPort.shared(HOST);
        int colon = port.address().lastIndexOf(':');
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(port.address().substring(colon + 1)));
        UUID round = UUID.randomUUID();
        port.expect(round, 0, 1);
        try (SocketChannel stranger = SocketChannel.open(address)) {
            ByteBuffer greeting = ByteBuffer.allocate(24)
                    .putLong(1)
                    .putLong(2)
                    .putInt(0)
                    .putInt(1)
                    .flip();
            stranger.write(greeting);
            assertThat(stranger.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThatThrownBy(() -> port.await(round, 0, 1, 100)).hasMessageContaining("worker 0 has not called");
        port.forget(round, 0, 1);
    }
}
