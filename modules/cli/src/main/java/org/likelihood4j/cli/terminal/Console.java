package org.likelihood4j.cli.terminal;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;
import org.likelihood4j.cli.progress.NoProgress;
import org.likelihood4j.cli.progress.PlainProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.progress.TerminalProgress;

/**
 * The program's own standard output and error, held before {@link StdoutGuard} redirects them.
 *
 * <p>While a {@link ProgressView} is open, {@link #line} prints above its bar. A quiet console prints only {@link #result results},
 * and warnings to standard error.
 */
public final class Console {
    private static final int DEFAULT_COLUMNS = 100;
    private static final Console SYSTEM = new Console(
            System.out,
            System.err,
            Boolean.getBoolean("likelihood4j.tty"),
            Integer.getInteger("likelihood4j.columns", DEFAULT_COLUMNS));

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final int columns;
    private final AtomicReference<ProgressView> progress = new AtomicReference<>();
    private volatile boolean quiet;

    /**
     * @param terminal whether {@code out} is a terminal, which decides about colours and progress bars
     * @param columns its width in characters
     */
    public Console(PrintStream out, PrintStream err, boolean terminal, int columns) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.columns = columns > 0 ? columns : DEFAULT_COLUMNS;
    }

    /** The process's streams, as they were when this class was loaded. */
    public static Console system() {
        return SYSTEM;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public boolean terminal() {
        return terminal;
    }

    public int columns() {
        return columns;
    }

    /** Whether to use colours: on a terminal, unless <a href="https://no-color.org">NO_COLOR</a> is set. */
    public boolean colours() {
        String noColor = System.getenv("NO_COLOR");
        return terminal && (noColor == null || noColor.isEmpty());
    }

    /** From here on, whether only results are printed. */
    public void setQuiet(boolean only) {
        quiet = only;
    }

    boolean quiet() {
        return quiet;
    }

    /** Prints one line that tells what is going on, above the progress bar if there is one. */
    public void line(String text) {
        if (!quiet) {
            result(text);
        }
    }

    /** Prints one line that a command did not find worth failing for. */
    public void warning(String text) {
        if (quiet) {
            err.println("warning: " + text);
        } else {
            line("warning: " + text);
        }
    }

    /** Prints one line of what was asked for. */
    public void result(String text) {
        ProgressView view = progress.get();
        if (view != null) {
            view.message(text);
        } else {
            out.println(text);
        }
    }

    /** Opens a progress view that fits this console: a bar on a terminal, else a plain line every few seconds. */
    public ProgressView progress() {
        if (quiet) {
            return new NoProgress();
        }
        ProgressView view = terminal
                ? new TerminalProgress(out, columns, TerminalProgress.INTERVAL, System::nanoTime, this::progressClosed)
                : new PlainProgress(out, PlainProgress.INTERVAL, System::nanoTime, this::progressClosed);
        progress.set(view);
        return view;
    }

    private void progressClosed() {
        progress.set(null);
    }
}
