package org.likelihood4j.cli.options;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.OutputFile;
import org.likelihood4j.cli.terminal.StandardOutput;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.inference.pictures.PictureGrid;
import picocli.CommandLine.Option;

/** Where a command's pictures go, or rows of numbers in their place. */
public final class PictureOptions {
    private static final String ENDING = ".png";

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description =
                    "Where the grid (PNG) or the rows (CSV) go; rows also to standard output, by -. Default: a name that"
                            + " tells the options, in the run's folder.")
    private Path out;

    @Option(
            names = "--each",
            description =
                    "Also write each image as a PNG of its own, into a folder that is named as the grid, with a number"
                            + " where that one holds others.")
    private boolean each;

    /** The console for what is said: not among rows that go to standard output. */
    public Console said(Console console) {
        return StandardOutput.isMeant(out) ? StandardOutput.keptClear(console) : console;
    }

    /** Before anything is computed. @throws UserError if pictures, or rows, are to go where they cannot */
    public void requireOutputOf(ExampleShape shape) {
        if (shape instanceof ImageShape) {
            StandardOutput.refuse(out, "a picture (PNG)");
            OutputFile.requireEnding(out, ENDING);
        } else if (!StandardOutput.isMeant(out)) {
            OutputFile.requireEnding(out, ".csv");
        }
    }

    /**
     * Writes a grid, and what else is asked for, and says where.
     *
     * @param usual where the grid goes unless the user says otherwise
     * @param explanation what is where in it
     */
    public void write(Console console, PictureGrid grid, Path usual, String explanation) {
        Path target = out != null ? out : usual;
        grid.write(target);
        console.line(wrote(target, explanation));
        if (each) {
            Path wanted = folder(target);
            Path folder = grid.writeEach(wanted);
            if (!folder.equals(wanted)) {
                console.line(wanted + " holds other files, and is kept as it is");
            }
            console.line("wrote " + grid.images().size() + " single images to " + folder);
        }
    }

    /** Writes a table, and says where. */
    public void writeRows(
            Console console, List<String> columns, List<List<Object>> rows, Path usual, String explanation) {
        if (each) {
            throw new UserError("--each is for images; this run's data are rows of numbers");
        }
        CsvWriter.Body body = sink -> {
            for (List<Object> row : rows) {
                sink.add(row);
            }
        };
        if (StandardOutput.isMeant(out)) {
            try {
                CsvWriter.stream(console.out(), columns, body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return;
        }
        Path target = out != null ? out : usual;
        CsvWriter.stream(target, columns, body);
        console.line(wrote(target, explanation));
    }

    private static String wrote(Path target, String explanation) {
        return "wrote " + target + (explanation.isEmpty() ? "" : " (" + explanation + ")");
    }

    private static Path folder(Path target) {
        String name = target.getFileName().toString();
        return target.resolveSibling(name.substring(0, name.length() - ENDING.length()));
    }
}
