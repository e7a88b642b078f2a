package org.likelihood4j.benchmarks.anomaly;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.likelihood4j.data.Table;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command: all detectors on all tables, by the protocol of one class, several times. */
@Command(
        name = "./run.sh anomalies",
        sortOptions = false,
        description = {
            "Tell anomalies from normal rows in labelled tables, by our densities and by others' detectors.",
            "Each is trained on a random half of the normal rows, and told the other half and all anomalies."
        })
final class Main implements Callable<Integer> {
    private static final int NEIGHBOURS = 5;
    private static final Path HOME = Path.of(System.getProperty("likelihood4j.home", "."));

    @Option(
            names = "--tables",
            paramLabel = "DIR",
            description =
                    "A folder of files of X and y, named *.npz; default adbench in $LIKELIHOOD4J_DATASETS or datasets.")
    private Path tables = usualTables();

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "Tables, by name; default all.")
    private List<String> only = List.of();

    @Option(names = "--detectors", split = ",", paramLabel = "NAME", description = "By name; default all.")
    private List<String> named = List.of();

    @Option(names = "--seeds", paramLabel = "N", description = "How often each is done; default ${DEFAULT-VALUE}.")
    private int seeds = 5;

    @Option(
            names = "--configs",
            paramLabel = "DIR",
            description = "Where the models' configurations are; default ${DEFAULT-VALUE}.")
    private Path configs = HOME.resolve("configs").resolve("tables");

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Another value for a key of all configurations.")
    private List<String> changes = List.of();

    @SuppressWarnings("UnusedVariable") // picocli asks that there is one
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    private Main() {}

    private static Path usualTables() {
        String datasets = System.getenv("LIKELIHOOD4J_DATASETS");
        return (datasets == null ? HOME.resolve("datasets") : Path.of(datasets)).resolve("adbench");
    }

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((failure, commandLine, parsed) -> {
            if (failure instanceof RunException) {
                commandLine.getErr().println("error: " + failure.getMessage());
                return 1;
            }
            throw failure;
        });
        System.exit(line.execute(arguments));
    }

    private List<Detector> detectors() {
        List<Detector> all = new ArrayList<>();
        for (String model : List.of("flow", "spline", "vae")) {
            all.add(new TrainedDensity(model, configs.resolve(model + ".yaml"), changes));
        }
        all.add(new NearestNeighbours(NEIGHBOURS));
        all.add(new CutForest());
        return named.isEmpty()
                ? all
                : all.stream()
                        .filter(detector -> named.contains(detector.name()))
                        .toList();
    }

    @Override
    public Integer call() {
        PrintStream out = System.out;
        // SameDiff tells each operation that it differentiates.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        List<Detector> detectors = detectors();
        List<LabelledTable> chosen = LabelledTable.in(tables).stream()
                .filter(table -> only.isEmpty() || only.contains(table.name()))
                .toList();
        Map<String, Map<Detector, List<Ranking>>> results = new LinkedHashMap<>();
        for (LabelledTable table : chosen) {
            Map<Detector, List<Ranking>> of = new LinkedHashMap<>();
            for (Detector detector : detectors) {
                long started = System.nanoTime();
                List<Ranking> rankings = new ArrayList<>();
                for (int seed = 1; seed <= seeds; seed++) {
                    LabelledTable.OneClass split = table.split(seed);
                    Table told = split.test();
                    rankings.add(Ranking.of(told, detector.scores(split.train(), told, seed)));
                }
                of.put(detector, rankings);
                System.err.printf(
                        Locale.ROOT,
                        "%s, %s: AUROC %s in %.0f s%n",
                        table.name(),
                        detector.name(),
                        cell(rankings, Ranking::auroc),
                        (System.nanoTime() - started) / 1e9);
            }
            results.put(table.name(), of);
        }
        write(out, "AUROC", detectors, results, Ranking::auroc);
        write(out, "average precision", detectors, results, Ranking::averagePrecision);
        return 0;
    }

    /** A table's mean over the seeds, and their standard deviation. */
    private static String cell(List<Ranking> rankings, ToDoubleFunction<Ranking> number) {
        double[] values = rankings.stream().mapToDouble(number).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return String.format(Locale.ROOT, "%.3f +- %.3f", mean, Math.sqrt(square / Math.max(1, values.length - 1)));
    }

    private void write(
            PrintStream out,
            String title,
            List<Detector> detectors,
            Map<String, Map<Detector, List<Ranking>>> results,
            ToDoubleFunction<Ranking> number) {
        TextTable text = new TextTable().left(0, 12);
        List<String> head = new ArrayList<>(List.of(title));
        for (Detector detector : detectors) {
            text.right(2, 14);
            head.add(detector.name());
        }
        List<List<String>> lines = new ArrayList<>(List.of(head));
        results.forEach((table, of) -> {
            List<String> line = new ArrayList<>(List.of(table));
            detectors.forEach(detector -> line.add(cell(of.get(detector), number)));
            lines.add(line);
        });
        List<String> mean = new ArrayList<>(List.of("mean"));
        for (Detector detector : detectors) {
            mean.add(String.format(
                    Locale.ROOT,
                    "%.3f",
                    results.values().stream()
                            .flatMap(of -> of.get(detector).stream())
                            .mapToDouble(number)
                            .average()
                            .orElseThrow()));
        }
        lines.add(mean);
        text.lines(lines).forEach(out::println);
        out.println("mean and standard deviation over " + seeds + " seeds");
    }
}
