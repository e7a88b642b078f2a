package org.likelihood4j.benchmarks.scoring;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.export.ModelExport;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command: what a score costs in the engine, in the scorer of an export and in ONNX Runtime, in turn, one thread each. */
@Command(
        name = "./run.sh bench-score",
        sortOptions = false,
        description = {
            "Time the scores of trained runs: by the engine, and of their export by likelihood4j-score and ONNX Runtime.",
            "Medians over rounds in which all take turns; a score has as many draws as the command score takes."
        })
final class Main implements Callable<Integer> {
    private static final Path DATASETS = Path.of(System.getenv().getOrDefault("LIKELIHOOD4J_DATASETS", "datasets"));

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders of trained runs.")
    private List<Path> runs = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 15;

    @Option(names = "--batch", paramLabel = "N", description = "Rows of a batch; default ${DEFAULT-VALUE}.")
    private int batch = 256;

    @Option(
            names = "--soak",
            paramLabel = "MINUTES",
            description = "Instead score for so long with each, in turn, and tell the memory that is kept.")
    private int minutes;

    @Option(names = "--threads", paramLabel = "N", description = "Of --soak; default ${DEFAULT-VALUE}.")
    private int threads = 8;

    @Option(names = "--by", paramLabel = "NAME", description = "Only this one: ${COMPLETION-CANDIDATES}.")
    private By by;

    @SuppressWarnings("UnusedVariable") // picocli asks that there is one
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** What scores. */
    private enum By {
        ENGINE,
        SCORER,
        ONNX;

        private Contender of(OpenedModel model, int draws, Path export) {
            return switch (this) {
                case ENGINE -> Contender.engine(model, draws);
                case SCORER -> Contender.scorer(export);
                case ONNX -> Contender.onnx(export, draws);
            };
        }
    }

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, commandLine, parsed) -> {
            if (failure instanceof RunException) {
                commandLine.getErr().println("error: " + failure.getMessage());
                return 1;
            }
            throw failure;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() {
        PrintStream out = System.out;
        // SameDiff tells each operation that it differentiates.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "run", "scored by", "one row [us]", "a row of " + batch + " [us]", "rows a second", "mean log p(x)"));
        for (Path run : runs) {
            play(RunDirectory.open(run), table, out);
        }
        if (minutes > 0) {
            return 0;
        }
        new TextTable()
                .left(0, 0)
                .left(2, 0)
                .right(2, 0)
                .right(2, 0)
                .right(2, 0)
                .right(2, 0)
                .lines(table)
                .forEach(out::println);
        return 0;
    }

    private void play(RunDirectory run, List<List<String>> table, PrintStream out) {
        Examples test = DataSources.source(run.readConfig().data(), DATASETS)
                .load(ProgressListener.none())
                .test();
        double[][] rows = new double[Math.min(batch, test.size())][];
        Arrays.setAll(rows, test::values);
        int draws = run.readConfig().evaluation().importanceSamples();
        try (OpenedModel model = OpenedModel.open(run.path())) {
            Path folder = Files.createTempDirectory("likelihood4j-bench");
            Path export = folder.resolve("export");
            ModelExport.write(run, "best", export, by == null || by == By.ONNX);
            List<Contender> contenders = Stream.of(By.values())
                    .filter(each -> by == null || each == by)
                    .map(each -> each.of(model, draws, export))
                    .toList();
            // All is in memory.
            AtomicFiles.delete(folder);
            if (minutes > 0) {
                Soak soak = new Soak(threads, Duration.ofMinutes(minutes));
                contenders.forEach(contender -> soak.run(contender, rows, out));
            } else {
                time(run.path().getFileName().toString(), contenders, rows, table);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void time(String run, List<Contender> contenders, double[][] rows, List<List<String>> table) {
        List<double[]> one = new ArrayList<>();
        List<double[]> many = new ArrayList<>();
        contenders.forEach(contender -> {
            one.add(new double[rounds]);
            many.add(new double[rounds]);
        });
        double[] means = new double[contenders.size()];
        // The first ones are compiled, and do not count.
        for (int round = -rounds; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                double single = single(contenders.get(i), rows);
                long started = System.nanoTime();
                means[i] = contenders.get(i).scores().applyAsDouble(rows) / rows.length;
                double each = (System.nanoTime() - started) / 1e3 / rows.length;
                if (round >= 0) {
                    one.get(i)[round] = single;
                    many.get(i)[round] = each;
                }
            }
        }
        for (int i = 0; i < contenders.size(); i++) {
            double each = median(many.get(i));
            table.add(List.of(
                    run,
                    contenders.get(i).name(),
                    number(median(one.get(i))),
                    number(each),
                    String.format(Locale.ROOT, "%,.0f", 1e6 / each),
                    String.format(Locale.ROOT, "%.4f", means[i])));
        }
    }

    /** Microseconds of a row alone, over some rows. */
    private static double single(Contender contender, double[][] rows) {
        int count = Math.min(20, rows.length);
        long started = System.nanoTime();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += contender.scores().applyAsDouble(new double[][] {rows[i]});
        }
        double each = (System.nanoTime() - started) / 1e3 / count;
        return Double.isNaN(sum) ? Double.NaN : each;
    }

    private static String number(double microseconds) {
        return String.format(Locale.ROOT, microseconds < 100 ? "%.1f" : "%,.0f", microseconds);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
