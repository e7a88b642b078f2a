package org.likelihood4j.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a page, its data and its pictures to the browsers of this machine, and nothing else.
 *
 * <p>It listens on the loopback interface only. Other machines cannot reach it, but any page that a browser here shows could try
 * to: by a name of its own that it makes point to this machine (DNS rebinding), which is why a request must be addressed to {@code
 * localhost}, {@code 127.0.0.1} or {@code [::1]} (at any port, since one may be forwarded by ssh), or by embedding what we serve,
 * which the headers forbid. No part of a request is ever made a path of the file system.
 *
 * <p>Nothing is done unless a browser asks, and then by a few daemon threads, not by the one that trains.
 */
public final class LiveServer implements AutoCloseable {
    /** Where a page that was open finds the next training again. */
    public static final int USUAL_PORT = 8474;

    /** An open page asks every one or two seconds; for this long after the end it can still have the last of the training. */
    private static final long FAREWELL_MILLISECONDS = 2500;

    private static final int THREADS = 4;
    private static final Set<String> OUR_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Logger LOG = LoggerFactory.getLogger(LiveServer.class);

    static {
        // Read once, by the first server: a request that never ends would keep its thread for ever.
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty("sun.net.httpserver.maxReqTime", "10");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, LiveServer::thread);
    private final AtomicLong asked = new AtomicLong(Long.MIN_VALUE);

    private LiveServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Takes a port; whoever connects waits for {@link #serve}.
     *
     * @param port 0 for any free one
     * @throws IOException if the port is not to be had; the message says why and what to do
     */
    public static LiveServer bind(int port) throws IOException {
        if (port < 0 || port > 65535) {
            throw new IOException("--port " + port + ": expected a port between 1 and 65535, or 0 for any free one");
        }
        InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        try {
            return new LiveServer(HttpServer.create(new InetSocketAddress(loopback, port), 0));
        } catch (BindException e) {
            String reason = String.valueOf(e.getMessage()).contains("in use")
                    ? "is in use by another program"
                    : "cannot be used (" + e.getMessage() + ")";
            throw new IOException(
                    "port " + port + " " + reason + ": choose another with --port, or 0 for any free one", e);
        }
    }

    /** The usual port, or any free one if another program has it. */
    public static LiveServer bindUsual() throws IOException {
        try {
            return bind(USUAL_PORT);
        } catch (IOException e) {
            LOG.debug("any port will do", e);
            return bind(0);
        }
    }

    /** Answers requests from here on, also those that wait already. */
    public void serve(LiveSource source) {
        server.createContext("/", exchange -> handle(exchange, source));
        server.setExecutor(threads);
        server.start();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "live");
        thread.setDaemon(true);
        return thread;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** What to open in a browser. */
    public String address() {
        return "http://127.0.0.1:" + port() + "/";
    }

    private void handle(HttpExchange exchange, LiveSource source) throws IOException {
        try (exchange) {
            HttpAnswer answer;
            try {
                answer = answer(exchange, source);
            } catch (IOException | RuntimeException e) {
                LOG.debug("{} cannot be served", exchange.getRequestURI(), e);
                answer = HttpAnswer.text(503, "The run cannot be read now.");
            }
            answer.send(exchange);
        }
    }

    private HttpAnswer answer(HttpExchange exchange, LiveSource source) throws IOException {
        if (!isOurs(exchange.getRequestHeaders().getOrDefault("Host", List.of()))) {
            return HttpAnswer.text(403, "Only http://localhost is served.");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return HttpAnswer.text(405, "Only GET and HEAD are served.").with("Allow", "GET, HEAD");
        }
        String path = String.valueOf(exchange.getRequestURI().getRawPath());
        if (path.equals("/")) {
            asked.set(System.nanoTime());
            return HttpAnswer.page(source.page());
        } else if (path.equals("/data.json")) {
            asked.set(System.nanoTime());
            return HttpAnswer.data(source.data());
        }
        Content picture = path.startsWith("/") ? source.picture(path.substring(1)) : null;
        return picture == null
                ? HttpAnswer.text(404, "Not found.")
                : HttpAnswer.picture(picture, exchange.getRequestURI().getRawQuery() != null);
    }

    /** Whether a request is addressed to this machine, by a name that no stranger can have. */
    private static boolean isOurs(List<String> hosts) {
        return hosts.size() == 1
                && OUR_NAMES.contains(
                        hosts.get(0).replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT));
    }

    /** Serves for a moment longer if a page is open, which would else miss how the training ended, and stops. */
    public void closeAfterFarewell() {
        boolean open = asked.get() != Long.MIN_VALUE
                && System.nanoTime() - asked.get() < TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLISECONDS);
        try {
            if (open) {
                Thread.sleep(FAREWELL_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
