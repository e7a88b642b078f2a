package org.likelihood4j.runs.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.likelihood4j.io.JsonLeaves;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import tools.jackson.databind.JsonNode;

/**
 * The lines of one kind in a {@code metrics.jsonl} as a table in CSV (RFC 4180), of a training that is over or that still goes on.
 *
 * <p>A column's name is the path to a value, such as {@code validation.elbo}. A list's values have their index in it, {@code
 * latents.kl_analytic.0}, or, where they are objects with a name, that name: {@code blocks.coupling0.gradient_norm}. A line
 * without a value, or with {@code null}, has an empty cell; numbers stand as they do in the file, {@code NaN} included.
 *
 * <p>The file is read twice, for the columns and for the rows, so that its length is no matter.
 */
public final class MetricsTable {
    private static final int MOST_COLUMNS = 100_000;

    private final Path file;
    private final String event;
    private final Set<String> columns = new LinkedHashSet<>();
    private long rows;
    private long damaged;

    private MetricsTable(Path file, String event) {
        this.file = file;
        this.event = event;
    }

    /**
     * The lines of a kind as they are now.
     *
     * @param event "step" or "epoch"
     * @throws RunException if the file cannot be read or has no such line
     */
    public static MetricsTable of(RunDirectory run, String event) {
        MetricsTable table = new MetricsTable(run.metrics(), event);
        if (!Files.exists(table.file)) {
            throw new RunException(
                    table.file + ": no such file; the run has not begun to train, or the file was removed");
        }
        table.read(line -> {
            table.rows++;
            table.columns.addAll(cells(line).keySet());
            if (table.columns.size() > MOST_COLUMNS) {
                throw new RunException(table.file + ": has more than " + MOST_COLUMNS + " different values in its "
                        + event + " lines, which is no metrics file of ours");
            }
        });
        if (table.rows == 0 && table.damaged > 0) {
            throw new RunException(table.file + ": has no " + event + " lines, but " + table.damaged + " damaged ones");
        }
        if (table.rows == 0) {
            throw new RunException(table.file + ": has no " + event + " lines yet"
                    + (event.equals("step") ? "; they come every training.logEvery steps" : ""));
        }
        return table;
    }

    /** How many lines are no JSON, and left out. */
    public long damaged() {
        return damaged;
    }

    /**
     * Writes a header and the rows; each ends in CR LF.
     *
     * @throws RunException if the file has other lines than before, as after a resume
     */
    public void write(Appendable out) throws IOException {
        append(out, columns.stream());
        long[] written = {0};
        IOException[] failure = {null};
        read(line -> {
            // What has come since then may have columns that the header has not.
            if (written[0] == rows || failure[0] != null) {
                return;
            }
            written[0]++;
            Map<String, String> cells = cells(line);
            if (!columns.containsAll(cells.keySet())) {
                throw new RunException(file + ": was replaced while it was read; try again");
            }
            try {
                append(out, columns.stream().map(column -> cells.getOrDefault(column, "")));
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private static void append(Appendable out, Stream<String> cells) throws IOException {
        out.append(cells.map(MetricsTable::quoted).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    private interface Row {
        void of(JsonNode line);
    }

    private void read(Row row) {
        damaged = 0;
        new MetricsReader(file).read(new MetricsReader.Sink() {
            @Override
            public void restarted() {}

            @Override
            public void line(JsonNode line) {
                if (line.path(MetricsKeys.EVENT).asString("").equals(event)) {
                    row.of(line);
                }
            }

            @Override
            public void damaged(long number) {
                damaged++;
            }
        });
    }

    private static Map<String, String> cells(JsonNode line) {
        Map<String, String> cells = new LinkedHashMap<>();
        JsonLeaves.withElements(line).forEach((path, leaf) -> {
            if (!path.equals(MetricsKeys.EVENT) && !leaf.isContainer()) {
                // A stranger's text may go to a terminal.
                cells.put(Printable.line(path), leaf.isNull() ? "" : Printable.line(leaf.asString()));
            }
        });
        return cells;
    }
}
