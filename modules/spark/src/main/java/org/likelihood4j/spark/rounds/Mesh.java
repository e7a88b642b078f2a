package org.likelihood4j.spark.rounds;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.UUID;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.training.rounds.AllReduce;

/**
 * Sums vectors of W = 2^k workers by recursive halving and doubling over sockets of their own.
 *
 * <p>In step i of k worker r and worker {@code r xor 2^i} give each other half of what they have of the vector, and each adds what it is given to the half that it
 * keeps; then they give the sums back in the opposite order. So each number is added in a binary tree over neighbours, {@code
 * ((0 + 1) + (2 + 3)) + ...}, of which every worker does a part, and 2 (W - 1)/W of the vector's bytes go out and in, in 2 k messages
 * (Thakur et al. 2005, Optimization of collective communication operations in MPICH, section 4.5).
 */
final class Mesh implements AllReduce, AutoCloseable {
    /** How long a worker spins for its partner before it sleeps: a step's kernels take about as long. */
    private static final int SPINS = 2000;

    private final MeshPort port;
    private final UUID round;
    private final int rank;
    private final Partner[] partners;
    private final Patience patience;
    private ByteBuffer out = ByteBuffer.allocateDirect(0);
    private ByteBuffer in = ByteBuffer.allocateDirect(0);

    /**
     * Milliseconds after which a partner is given up.
     *
     * @param toConnect while it may still be reading its data
     * @param toSum in the midst of a step
     */
    record Patience(int toConnect, int toSum) implements Serializable {
        static final Patience USUAL = new Patience(600_000, 120_000);
        private static final long serialVersionUID = 1;
        private static final int MOST_STEPS = 30;

        /** Workers that take local steps say nothing until a block of them is done: up to an hour for those that take long. */
        static Patience of(RunConfig config) {
            TrainingConfig.Local local = config.training().local();
            int steps = local == null ? 1 : Math.min(MOST_STEPS, local.steps());
            return new Patience(USUAL.toConnect(), USUAL.toSum() * steps);
        }
    }

    private record Partner(int rank, SocketChannel channel, Selector selector) {}

    /**
     * Connects a worker with its partners.
     *
     * @param round the same for all its workers, and known to nobody else
     * @param addresses of the workers' ports, by rank; as many as a power of two
     * @param patience how long partners are waited for
     */
    Mesh(MeshPort port, UUID round, int rank, List<String> addresses, Patience patience) throws IOException {
        int workers = addresses.size();
        if (Integer.bitCount(workers) != 1) {
            throw new IllegalArgumentException("workers must be a power of two, were " + workers);
        }
        this.port = port;
        this.round = round;
        this.rank = rank;
        this.patience = patience;
        this.partners = new Partner[Integer.numberOfTrailingZeros(workers)];
        for (int i = 0; i < partners.length; i++) {
            if (isCalled(i)) {
                port.expect(round, partner(i), rank);
            }
        }
        try {
            for (int i = 0; i < partners.length; i++) {
                int other = partner(i);
                connected(
                        i,
                        isCalled(i)
                                ? port.await(round, other, rank, patience.toConnect())
                                : MeshPort.call(addresses.get(other), round, rank, other, patience.toConnect()));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private int partner(int step) {
        return rank ^ (1 << step);
    }

    /** The lower one of two calls. */
    private boolean isCalled(int step) {
        return ((rank >> step) & 1) == 1;
    }

    private void connected(int step, SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        partners[step] = new Partner(partner(step), channel, Selector.open());
        channel.register(partners[step].selector(), SelectionKey.OP_READ);
    }

    /** A vector of either precision. */
    private interface Numbers {
        int length();

        int bytes();

        void put(ByteBuffer to, int from, int count);

        void add(ByteBuffer from, int at, int count);

        void get(ByteBuffer from, int at, int count);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Floats(float[] values) implements Numbers {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public int bytes() {
            return Float.BYTES;
        }

        @Override
        public void put(ByteBuffer to, int from, int count) {
            to.asFloatBuffer().put(values, from, count);
        }

        @Override
        public void add(ByteBuffer from, int at, int count) {
            var others = from.asFloatBuffer();
            for (int i = 0; i < count; i++) {
                values[at + i] += others.get(i);
            }
        }

        @Override
        public void get(ByteBuffer from, int at, int count) {
            from.asFloatBuffer().get(values, at, count);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Doubles(double[] values) implements Numbers {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public int bytes() {
            return Double.BYTES;
        }

        @Override
        public void put(ByteBuffer to, int from, int count) {
            to.asDoubleBuffer().put(values, from, count);
        }

        @Override
        public void add(ByteBuffer from, int at, int count) {
            var others = from.asDoubleBuffer();
            for (int i = 0; i < count; i++) {
                values[at + i] += others.get(i);
            }
        }

        @Override
        public void get(ByteBuffer from, int at, int count) {
            from.asDoubleBuffer().get(values, at, count);
        }
    }

    @Override
    public void sum(float[] values) throws IOException {
        sum(new Floats(values));
    }

    @Override
    public void sum(double[] values) throws IOException {
        sum(new Doubles(values));
    }

    private void sum(Numbers x) throws IOException {
        int[] from = new int[partners.length + 1];
        int[] to = new int[partners.length + 1];
        to[0] = x.length();
        for (int i = 0; i < partners.length; i++) {
            int middle = (from[i] + to[i]) >>> 1;
            boolean lower = !isCalled(i);
            from[i + 1] = lower ? from[i] : middle;
            to[i + 1] = lower ? middle : to[i];
            int kept = to[i + 1] - from[i + 1];
            exchange(partners[i], x, lower ? middle : from[i], lower ? to[i] : middle, kept);
            x.add(in, from[i + 1], kept);
        }
        for (int i = partners.length - 1; i >= 0; i--) {
            boolean lower = !isCalled(i);
            int at = lower ? to[i + 1] : from[i];
            int count = to[i] - from[i] - (to[i + 1] - from[i + 1]);
            exchange(partners[i], x, from[i + 1], to[i + 1], count);
            x.get(in, at, count);
        }
    }

    /** Gives a part of the vector, and takes {@code wanted} numbers into {@link #in}: both ways at once, or two large ones would wait for each other. */
    private void exchange(Partner partner, Numbers x, int from, int to, int wanted) throws IOException {
        out = room(out, (to - from) * x.bytes());
        x.put(out, from, to - from);
        in = room(in, wanted * x.bytes());
        int idle = 0;
        while (out.hasRemaining() || in.hasRemaining()) {
            int moved = out.hasRemaining() ? partner.channel().write(out) : 0;
            if (in.hasRemaining()) {
                int got = partner.channel().read(in);
                if (got < 0) {
                    throw new EOFException("worker " + partner.rank() + " is gone");
                }
                moved += got;
            }
            if (moved > 0) {
                idle = 0;
            } else if (++idle < SPINS) {
                Thread.onSpinWait();
            } else {
                idle = 0;
                sleep(partner);
            }
        }
        in.flip();
    }

    private void sleep(Partner partner) throws IOException {
        SelectionKey key = partner.channel().keyFor(partner.selector());
        key.interestOps(
                (out.hasRemaining() ? SelectionKey.OP_WRITE : 0) | (in.hasRemaining() ? SelectionKey.OP_READ : 0));
        int ready = partner.selector().select(patience.toSum());
        partner.selector().selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new IOException("the round was given up");
        } else if (ready == 0) {
            throw new IOException(
                    "worker " + partner.rank() + " has said nothing for " + patience.toSum() / 1000 + " s");
        }
    }

    private static ByteBuffer room(ByteBuffer buffer, int bytes) {
        ByteBuffer large = buffer.capacity() >= bytes ? buffer : ByteBuffer.allocateDirect(bytes);
        return large.clear().limit(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        for (int i = 0; i < partners.length; i++) {
            if (partners[i] != null) {
                MeshPort.close(partners[i].selector());
                MeshPort.close(partners[i].channel());
            }
            if (isCalled(i)) {
                port.forget(round, partner(i), rank);
            }
        }
    }
}
