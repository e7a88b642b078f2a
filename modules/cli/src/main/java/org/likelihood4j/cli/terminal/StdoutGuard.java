package org.likelihood4j.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what libraries print to {@code System.out} off the console: each line goes to the logger {@code stdout} at DEBUG.
 *
 * <p>SameDiff, for one, prints a line for every operation that it differentiates.
 */
public final class StdoutGuard implements AutoCloseable {
    private final PrintStream before;

    private StdoutGuard(PrintStream before) {
        this.before = before;
    }

    /** Redirects {@code System.out} until the guard is closed. {@link Console#system} keeps the real one. */
    public static StdoutGuard install() {
        Console.system();
        StdoutGuard guard = new StdoutGuard(System.out);
        System.setOut(new PrintStream(new LogLines(), true, StandardCharsets.UTF_8));
        return guard;
    }

    @Override
    public void close() {
        System.out.flush();
        System.setOut(before);
    }

    /** Collects bytes and logs them line by line. The print stream around it serialises the callers. */
    private static final class LogLines extends OutputStream {
        /** Only made for a first line: loggers take a tenth of a second to start, and often log nothing. */
        private static final class Log {
            private static final Logger STDOUT = LoggerFactory.getLogger("stdout");
        }

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean logging;

        @Override
        public synchronized void write(int b) {
            if (b == '\n') {
                logLine();
            } else if (b != '\r') {
                line.write(b);
            }
        }

        private void logLine() {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            // A logger that itself prints to System.out comes back here.
            if (logging || text.isBlank()) {
                return;
            }
            logging = true;
            try {
                Log.STDOUT.debug(text);
            } finally {
                logging = false;
            }
        }
    }
}
