package org.likelihood4j.examples;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.likelihood4j.score.CsvRows;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExampleException;
import org.likelihood4j.score.files.ExportException;

/**
 * Scores rows over HTTP with nothing but the JDK and {@code likelihood4j-score}: {@code /score} takes CSV and gives log p(x) of each row, {@code /metrics} counts as
 * Prometheus reads it. The newest export of a folder serves, and a newer one takes over once it is whole, while requests run.
 */
final class ScoringService implements AutoCloseable {
    private record Model(Path folder, Scorer scorer) {}

    private final Path exports;
    private final HttpServer server;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(8);
    private final LongAdder rows = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Model model;

    ScoringService(Path exports, int port) throws IOException {
        this.exports = exports;
        refresh();
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(threads);
        serve("/score", this::score);
        serve("/health", body -> "ok " + model.scorer().run() + "\n");
        serve("/metrics", body -> "rows_total " + rows + "\nrefused_total " + refused + "\n");
        server.start();
        Future<?> unused = threads.scheduleWithFixedDelay(this::refresh, 1, 1, TimeUnit.SECONDS);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void refresh() {
        try (Stream<Path> folders = Files.list(exports)) {
            Path newest = folders.max(Comparator.comparing(
                            folder -> folder.resolve("model.json").toFile().lastModified()))
                    .orElseThrow();
            if (model == null || !newest.equals(model.folder())) {
                model = new Model(newest, Scorer.open(newest));
            }
        } catch (IOException | RuntimeException e) {
            if (model == null) {
                throw new ExportException(exports + ": no export that can be served", e);
            }
        }
    }

    private String score(InputStreamReader csv) {
        Scorer scorer = model.scorer();
        return scorer.score(CsvRows.read(scorer, "rows", csv).peek(row -> rows.increment()))
                .map(score -> score.logProb() + "\n")
                .collect(Collectors.joining());
    }

    private void serve(String path, Function<InputStreamReader, String> answer) {
        server.createContext(path, exchange -> {
            int status = 200;
            String text;
            try {
                text = answer.apply(new InputStreamReader(exchange.getRequestBody(), StandardCharsets.UTF_8));
            } catch (ExportException e) {
                refused.increment();
                status = e instanceof ExampleException ? 400 : 500;
                text = e.getMessage() + "\n";
            }
            try (exchange) {
                exchange.sendResponseHeaders(status, 0);
                exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
