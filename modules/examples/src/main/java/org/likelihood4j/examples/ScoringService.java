package org.likelihood4j.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExportException;

/**
 * Scores rows over HTTP with nothing but the JDK and {@code likelihood4j-score}. {@code POST /score} takes CSV with a header and gives a line of log p(x) for
 * each row; {@code GET /health} tells the model; {@code GET /metrics} counts, as Prometheus reads it. The newest export of a folder, by name, serves, and a newer
 * one takes over while requests run.
 */
final class ScoringService implements AutoCloseable {
    private final Path exports;
    private final HttpServer server;
    private final ExecutorService requests = Executors.newFixedThreadPool(8);
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final LongAdder rows = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Path folder;
    private volatile Scorer scorer;

    /** Serves the newest of some exports; port 0 for any that is free. */
    ScoringService(Path exports, int port) throws IOException {
        this.exports = exports;
        refresh();
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(requests);
        server.createContext("/score", exchange -> answer(exchange, this::score));
        server.createContext("/health", exchange -> answer(exchange, body -> "ok " + scorer.run() + "\n"));
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, body -> "rows_total " + rows + "\nrefused_total " + refused + "\n"));
        server.start();
        Future<?> unused = watch.scheduleWithFixedDelay(this::refresh, 1, 1, TimeUnit.SECONDS);
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** A newer export that is broken, or not there as a whole yet, changes nothing. */
    private void refresh() {
        try (Stream<Path> folders = Files.list(exports)) {
            Path newest =
                    folders.filter(Files::isDirectory).max(Path::compareTo).orElseThrow();
            if (!newest.equals(folder)) {
                scorer = Scorer.open(newest);
                folder = newest;
            }
        } catch (IOException | RuntimeException e) {
            if (scorer == null) {
                throw new ExportException(exports + ": no export that can be served", e);
            }
        }
    }

    private String score(String csv) {
        Scorer model = scorer;
        List<String> lines = csv.lines().toList();
        List<String> names =
                List.of(lines.isEmpty() ? new String[0] : lines.get(0).split(",", -1));
        StringBuilder answer = new StringBuilder();
        for (String line : lines.stream().skip(1).toList()) {
            String[] cells = line.split(",", -1);
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < Math.min(cells.length, names.size()); i++) {
                row.put(names.get(i), cells[i]);
            }
            answer.append(model.logProb(model.row(row))).append('\n');
            rows.increment();
        }
        return answer.toString();
    }

    private void answer(HttpExchange exchange, java.util.function.UnaryOperator<String> body) throws IOException {
        try (exchange) {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String text;
            int status = 200;
            try {
                text = body.apply(asked);
            } catch (ExportException e) {
                refused.increment();
                status = 400;
                text = e.getMessage() + "\n";
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        server.stop(0);
        requests.shutdownNow();
    }

    /** Serves until the process ends. */
    static void run(Path exports, PrintStream out) {
        try {
            out.println("http://localhost:" + new ScoringService(exports, 8080).port() + "/score");
        } catch (IOException e) {
            throw new ExportException("port 8080 cannot be had", e);
        }
    }
}
