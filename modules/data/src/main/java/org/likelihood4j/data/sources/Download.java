package org.likelihood4j.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.likelihood4j.data.ProgressListener;

/** Fetches one file over HTTP into a file, within limits of time and size. */
final class Download {
    private static final Duration CONNECT = Duration.ofSeconds(10); // a dead mirror must not hold up the next for long

    private final HttpClient client;
    private final Duration patience;
    private final long mostBytes;

    /**
     * @param patience how long to wait for the answer, and for each further piece of it; the connection may take 10 s of it
     * @param mostBytes a longer answer is refused: a mirror may have been taken over
     */
    Download(Duration patience, long mostBytes) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(patience.compareTo(CONNECT) < 0 ? patience : CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        this.patience = patience;
        this.mostBytes = mostBytes;
    }

    /**
     * Writes the answer's body to {@code target}, which may be left incomplete on failure.
     *
     * @throws IOException if there is no good answer in time
     * @throws CancellationException if the thread was interrupted; its interrupt flag stays set
     */
    void fetch(URI source, Path target, String what, ProgressListener progress) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(source).timeout(patience).build();
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while " + what);
            cancelled.initCause(e);
            throw cancelled;
        }
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("HTTP status " + response.statusCode());
            }
            long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            if (total > mostBytes) {
                throw new IOException("the answer has " + total + " bytes, more than the " + mostBytes + " allowed");
            }
            copy(body, target, what, total, progress);
        }
    }

    private void copy(InputStream body, Path target, String what, long total, ProgressListener progress)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                StallGuard guard = new StallGuard(body, patience)) {
            byte[] buffer = new byte[1 << 16];
            long done = 0;
            progress.progress(what, 0, total);
            while (true) {
                int length = guard.read(buffer);
                if (length < 0) {
                    break;
                }
                done += length;
                if (done > mostBytes) {
                    throw new IOException("the answer has more than the " + mostBytes + " bytes allowed");
                }
                out.write(buffer, 0, length);
                progress.progress(what, done, total);
            }
        }
    }

    /**
     * Closes a stream from outside if nothing comes for too long, which ends the read that waits for it: the client's own
     * timeout is over once the headers are there.
     */
    private static final class StallGuard implements AutoCloseable {
        private final InputStream body;
        private final Duration patience;
        private final ScheduledExecutorService clock;
        private final Future<?> looks;
        private volatile long lastPiece = System.nanoTime();
        private volatile boolean stalled;

        StallGuard(InputStream body, Duration patience) {
            this.body = body;
            this.patience = patience;
            this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "download-guard");
                thread.setDaemon(true);
                return thread;
            });
            long period = Math.max(1, patience.toMillis() / 4);
            this.looks = clock.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
        }

        int read(byte[] buffer) throws IOException {
            try {
                int length = body.read(buffer);
                if (!stalled) {
                    lastPiece = System.nanoTime();
                    return length;
                }
            } catch (IOException e) {
                if (!stalled) {
                    throw e;
                }
            }
            throw new IOException("nothing came for " + patience.toMillis() / 1000.0 + " s");
        }

        private void look() {
            if (System.nanoTime() - lastPiece > patience.toNanos()) {
                stalled = true;
                try {
                    body.close();
                } catch (IOException e) {
                    // Nothing to do: the reader fails in any case, and says why.
                }
            }
        }

        @Override
        public void close() {
            looks.cancel(false);
            clock.shutdown();
        }
    }
}
