package org.likelihood4j.cli.scores;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.runs.RunDirectory;

/**
 * Scores rows on standard input as they come: those that are there are scored together, and written before more are waited for. A row's
 * numbers do not depend on which those are.
 */
final class ScoreStream {
    private final ScoreTable scores;
    private final ScoreFormat format;
    private final OutputStream out;
    private final int most;
    private CsvWriter.Rows rows;
    private int seen;

    /** @param most how many rows are read */
    ScoreStream(ScoreTable scores, ScoreFormat format, OutputStream out, int most) {
        this.scores = scores;
        this.format = format;
        this.out = out;
        this.most = most;
    }

    /** Reads and writes them all. */
    void run(InputOptions input, RunDirectory run, OpenedModel model, Console said) throws IOException {
        try {
            input.stream(run, model.shape(), model.classes(), model.conditionClasses(), said, this::take);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean take(InputData all) {
        InputData some = all.first(most - seen);
        try {
            if (rows == null) {
                // Which ids and labels there are is known now.
                rows = format.open(out, scores.columns(some));
            }
            scores.write(some, seen, rows, (what, done, total) -> {});
            rows.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        seen += some.examples().size();
        return seen < most;
    }
}
