package org.likelihood4j.spark.rounds;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a process's workers are called by others. One port for all rounds, so that others need to be told its address once; who calls says for
 * which round, whom it wants and who it is, and whoever does not know a round's secret is not answered.
 */
final class MeshPort {
    private static final Logger LOG = LoggerFactory.getLogger(MeshPort.class);
    private static final int GREETING = 2 * Long.BYTES + 2 * Integer.BYTES;

    /** A caller that says nothing is no worker. */
    private static final int GREETING_MILLIS = 5_000;

    private static final int ANSWER = 1;
    private static final int MOST_WAITING = 64;
    private static final int AGAIN_MILLIS = 20;

    private static MeshPort shared;

    private final ServerSocketChannel server;
    private final String address;
    private final Map<Call, CompletableFuture<SocketChannel>> calls = new ConcurrentHashMap<>();
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    /** Between two workers of a round, the lower of which calls. */
    private record Call(UUID round, int caller, int called) {}

    private MeshPort(String host) throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(host, 0));
        address = host + ":" + ((InetSocketAddress) server.getLocalAddress()).getPort();
        Thread thread = new Thread(this::accept, "mesh-port");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * This process's port, opened when it is first wanted.
     *
     * @param host by which other machines call this one
     */
    static synchronized MeshPort shared(String host) throws IOException {
        if (shared == null) {
            shared = new MeshPort(host);
        }
        return shared;
    }

    /** Host and port. */
    String address() {
        return address;
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel caller = server.accept();
                // One that is slow to say what it wants must not keep others waiting.
                Thread greeted = new Thread(() -> greet(caller), "mesh-greeting");
                greeted.setDaemon(true);
                greeted.start();
            } catch (IOException | OutOfMemoryError e) {
                // No more files, or threads, for the moment: others still want to be answered.
                LOG.warn("a call was not taken: {}", e.toString());
                if (!server.isOpen() || !slept()) {
                    return;
                }
            }
        }
    }

    private static boolean slept() {
        try {
            Thread.sleep(AGAIN_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void greet(SocketChannel caller) {
        try {
            caller.socket().setSoTimeout(GREETING_MILLIS);
            byte[] greeting = caller.socket().getInputStream().readNBytes(GREETING);
            if (greeting.length < GREETING) {
                throw new EOFException("no greeting");
            }
            ByteBuffer words = ByteBuffer.wrap(greeting);
            Call call = new Call(new UUID(words.getLong(), words.getLong()), words.getInt(), words.getInt());
            CompletableFuture<SocketChannel> wanted = expected(call);
            if (wanted == null || wanted.isDone()) {
                // Of a round that is over, has not begun here, or that nobody knows.
                caller.close();
                return;
            }
            caller.socket().getOutputStream().write(ANSWER);
            if (!wanted.complete(caller)) {
                caller.close();
            }
        } catch (IOException e) {
            close(caller);
        }
    }

    /** Who calls may be ahead of whom it wants by some time; strangers wait for it in vain. */
    private CompletableFuture<SocketChannel> expected(Call call) {
        if (!waiting.tryAcquire()) {
            return null;
        }
        long started = System.nanoTime();
        try {
            synchronized (calls) {
                long left = GREETING_MILLIS;
                while (calls.get(call) == null && left > 0) {
                    calls.wait(left);
                    left = GREETING_MILLIS - (System.nanoTime() - started) / 1_000_000;
                }
            }
            return calls.get(call);
        } catch (InterruptedException e) {
            return null;
        } finally {
            waiting.release();
        }
    }

    static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }

    /** Waits for a call from now on, so that it may come before {@link #await}. */
    void expect(UUID round, int caller, int called) {
        synchronized (calls) {
            calls.put(new Call(round, caller, called), new CompletableFuture<>());
            calls.notifyAll();
        }
    }

    /** The channel of a call that is expected. */
    SocketChannel await(UUID round, int caller, int called, long millis) throws IOException {
        try {
            return calls.get(new Call(round, caller, called)).get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "worker " + caller + " has not called worker " + called + " for " + millis / 1000 + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the round was given up", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Expects a call no more; one that has come and was not taken is closed. */
    void forget(UUID round, int caller, int called) {
        CompletableFuture<SocketChannel> call = calls.remove(new Call(round, caller, called));
        if (call != null && !call.cancel(false) && call.isDone() && !call.isCompletedExceptionally()) {
            close(call.join());
        }
    }

    /**
     * Calls another worker, until it is there: one that still reads its data does not know the round yet.
     *
     * @param address of its process's port
     * @param millis after which it is given up
     */
    static SocketChannel call(String address, UUID round, int caller, int called, int millis) throws IOException {
        int colon = address.lastIndexOf(':');
        InetSocketAddress port =
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        long started = System.nanoTime();
        while (true) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(port, millis);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                if (isAnswered(channel, round, caller, called, millis)) {
                    return channel;
                }
            } catch (IOException e) {
                close(channel);
                throw new IOException(
                        "worker " + called + " at " + address + " cannot be called: " + e.getMessage(), e);
            }
            close(channel);
            if ((System.nanoTime() - started) / 1_000_000 > millis) {
                throw new IOException(
                        "worker " + called + " at " + address + " does not answer for " + millis / 1000 + " s");
            }
            sleep();
        }
    }

    private static boolean isAnswered(SocketChannel channel, UUID round, int caller, int called, int millis)
            throws IOException {
        ByteBuffer greeting = ByteBuffer.allocate(GREETING)
                .putLong(round.getMostSignificantBits())
                .putLong(round.getLeastSignificantBits())
                .putInt(caller)
                .putInt(called)
                .flip();
        channel.socket().setSoTimeout(millis);
        try {
            while (greeting.hasRemaining()) {
                channel.write(greeting);
            }
            return channel.socket().getInputStream().read() == ANSWER;
        } catch (SocketException e) {
            // Hung up.
            return false;
        }
    }

    private static void sleep() throws IOException {
        if (!slept()) {
            Thread.currentThread().interrupt();
            throw new IOException("the round was given up");
        }
    }
}
