package org.likelihood4j.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StandardInput;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.InputNames;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Option;

/** Of which examples a model is asked: all of a file or folder, or a split of the data that the run was trained on. */
public final class InputOptions {
    private static final int MOST_NAMED = 10;
    /** Rows of a stream that are looked at together. */
    private static final int PART = 512;

    private static final Path STANDARD_INPUT = Path.of("standard input");
    private static final String PREFIX = "input-";
    private static final String SECTION = "data.";
    private static final String PATH = SECTION + "path=";
    /** Which examples there are, and of what, is the run's and the input's to say. */
    private static final Set<String> KEYS =
            new TreeSet<>(Set.of("missing", "skipUnreadable", "delimiter", "decimal", "header", "label"));

    @Option(
            names = "--input",
            paramLabel = "FILE|FOLDER",
            description =
                    "All of a table (text or Parquet), array (.npy, IDX), picture or folder of pictures, in its order, read as the run's data were;"
                            + " - of score: a table on standard input, row after row.")
    private Path input;

    @Option(
            names = "--split",
            description = "train, validation or test of the run's own data; default: test, of calibrate validation.")
    private RunOptions.Split split;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "How the input is read, such as data.missing=drop; may be repeated.")
    private List<String> settings = List.of();

    private final RunOptions.Split usual;

    /** What the command took, with --set data.path, when it divided new data as if they were to be trained on. */
    @Option(names = "--data", paramLabel = "TYPE", hidden = true)
    private String type;

    /** Of all examples, or those that no training has seen. */
    public InputOptions() {
        this(RunOptions.Split.TEST);
    }

    private InputOptions(RunOptions.Split usual) {
        this.usual = usual;
    }

    /** For what is learned from held-out examples: without an option those of validation. */
    public static InputOptions heldOut() {
        return new InputOptions(RunOptions.Split.VALIDATION);
    }

    /**
     * Refuses what the model has learned.
     *
     * @throws UserError if the split is that of training
     */
    public void requireHeldOut() {
        if (split == RunOptions.Split.TRAIN) {
            throw new UserError("--split train: the model has seen these, and finds them likelier than new ones; choose"
                    + " validation or test, or --input FILE");
        }
    }

    /**
     * Checks what picocli cannot.
     *
     * @throws UserError if the options do not go together
     */
    public void check() {
        String path = settings.stream()
                .filter(setting -> setting.startsWith(PATH))
                .map(setting -> setting.substring(PATH.length()))
                .findFirst()
                .orElse(null);
        if (type != null || path != null) {
            throw new UserError("--data and --set data.path took a random part of other data, and are no more; --input "
                    + (path == null ? "FILE" : path) + " takes all of it, read as the run's data were");
        }
        for (String setting : settings) {
            String key = setting.replaceFirst("=.*", "").strip();
            if (!key.startsWith(SECTION) || !KEYS.contains(key.substring(SECTION.length()))) {
                throw new UserError("--set changes only how the input is read, with " + SECTION
                        + String.join(", " + SECTION, KEYS) + "; was '" + Printable.line(Printable.shorten(setting))
                        + "'");
            } else if (input == null) {
                throw new UserError("--set is for how --input is read; the run's own data are read as they were");
            }
        }
        if (input != null && split != null) {
            throw new UserError("--split is for the run's own data; --input takes all of " + input);
        }
    }

    /**
     * Before anything is computed.
     *
     * @throws UserError if a result would replace what it is the result of
     */
    public void requireOther(String output) {
        if (output != null && input != null && isSame(Path.of(output), input)) {
            throw new UserError("--output: " + output + " is what --input reads; choose another file");
        }
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            // One of them is not there.
            return false;
        }
    }

    /** For the name of a result's file: another one for each input of a run, also where two files are called the same. */
    public String name(RunDirectory run) {
        return input == null
                ? split().toString()
                : PREFIX + InputNames.read(run).name(RunConfig.nameOf(name(input)), input);
    }

    /** Keeps for which input a result's file has that name, before it is written; says which other one had the usual name. */
    public void keepName(RunDirectory run, String name, Console console) {
        if (input == null) {
            return;
        }
        String usual = RunConfig.nameOf(name(input));
        String own = name.substring(PREFIX.length());
        if (!own.equals(usual)) {
            String other = InputNames.read(run).path(usual).orElseThrow();
            console.line(input + " is called " + own + " here, because " + usual + " is " + Printable.line(other)
                    + ", whose results are kept");
        }
        InputNames.keep(run, own, input);
    }

    /** Only the most usual suffix is dropped, so that different files have different names. */
    private static String name(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString().replaceFirst("\\.csv$", "");
    }

    private static String some(List<String> names) {
        String first = Printable.line(
                names.stream().limit(MOST_NAMED).map(Printable::item).collect(Collectors.joining(", ")));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }

    /** For the noise: that of a split as evaluate draws it. */
    public String noise() {
        return input == null ? split().toString() : "input";
    }

    /** For people. */
    @Override
    public String toString() {
        return input == null ? split().toString() : "all of " + input;
    }

    private RunOptions.Split split() {
        return split == null ? usual : split;
    }

    /**
     * Reads them, and says what was read.
     *
     * @param shape of the run's examples
     * @param classes of the run; empty if they are not known
     * @param told how many classes the model is told examples to be of; 0 if it is told none
     */
    public InputData read(RunDirectory run, ExampleShape shape, List<String> classes, int told, Console console) {
        RunConfig config = run.readConfig(settings);
        if (input == null) {
            InputData data = InputData.split(RunOptions.data(config, console), split().toString());
            if (data.examples().size() == 0) {
                throw new UserError("the run has no " + split() + " " + shape.noun() + "; choose another with --split");
            }
            return data;
        }
        if (isStream()) {
            throw new UserError("--input -: only score reads standard input, row after row; give a file");
        }
        InputData data;
        try (ProgressView progress = console.progress()) {
            data = InputData.read(config.data(), shape, input, new DataProgress(progress));
        }
        console.line("all " + data.description());
        return classified(data, input, classes, told, new HashSet<>(), console);
    }

    /** @param unknown labels that were told of */
    private static InputData classified(
            InputData data, Path path, List<String> classes, int told, Set<String> unknown, Console console) {
        if (told > 0) {
            return data.withClasses(path, classes, told);
        }
        List<String> others = data.labels().stream()
                .filter(label -> !label.isEmpty() && !classes.contains(label) && unknown.add(label))
                .distinct()
                .toList();
        if (!classes.isEmpty() && !others.isEmpty()) {
            console.line("not among the run's classes (" + some(classes) + "): " + some(others));
        }
        return data;
    }

    /** Whether rows are read from standard input. */
    public boolean isStream() {
        return StandardInput.isMeant(input);
    }

    /**
     * Reads rows from standard input as they come; otherwise as {@link #read}.
     *
     * @param sink takes some rows; whether it wants more
     */
    public void stream(
            RunDirectory run,
            ExampleShape shape,
            List<String> classes,
            int told,
            Console console,
            Predicate<InputData> sink) {
        RunConfig config = run.readConfig(settings);
        Set<String> unknown = new HashSet<>();
        try (ProgressView progress = console.progress()) {
            InputData.stream(
                    config.data(),
                    shape,
                    StandardInput.stream(),
                    STANDARD_INPUT,
                    PART,
                    new DataProgress(progress),
                    some -> sink.test(classified(some, STANDARD_INPUT, classes, told, unknown, console)));
        }
    }
}
