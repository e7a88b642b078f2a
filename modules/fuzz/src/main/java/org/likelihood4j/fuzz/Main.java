package org.likelihood4j.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.likelihood4j.io.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: one process for each target, with a limit of memory and of time for each input, then a table. */
@Command(
        name = "./run.sh fuzz",
        description = {
            "Fuzz everything that reads a file. A target ends at its first finding, which is kept in .build/fuzz/TARGET;",
            "what was learned stays there too (corpus), so that the next run goes on from it."
        })
final class Main implements Callable<Integer> {
    private static final String HEAP = "-Xmx512m";
    private static final int SECONDS_FOR_AN_INPUT = 10;
    private static final int LONGEST_INPUT = 20_000;
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
    private static final Pattern FINDING = Pattern.compile("== Java Exception: (.*)|ERROR: libFuzzer: (.*)");

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..*",
            description = "Of ${COMPLETION-CANDIDATES}; default all.",
            completionCandidates = Names.class)
    private List<String> names = Targets.names();

    @Option(names = "--seconds", paramLabel = "N", description = "For each target; default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Explain what there is.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** What a target's process had to say. */
    private record Outcome(long executed, double seconds, String finding) {}

    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(Targets.names());
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String name : names) {
            if (!Targets.names().contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no target '" + name + "'; there are " + String.join(", ", Targets.names()));
            }
        }
        if (seconds < 1) {
            throw new ParameterException(spec.commandLine(), "--seconds must be at least 1, was " + seconds);
        }
        TextTable table = new TextTable().left(0, 12).right(1, 8).right(1, 12).left(2, 0);
        System.out.println(table.line("target", "seconds", "executions", "finding"));
        boolean clean = true;
        for (String name : names) {
            Outcome outcome = fuzz(Targets.named(name));
            clean &= outcome.finding() == null;
            System.out.println(table.line(
                    name,
                    String.format(Locale.ROOT, "%.0f", outcome.seconds()),
                    String.format(Locale.ROOT, "%,d", outcome.executed()),
                    outcome.finding() == null ? "none" : outcome.finding()));
        }
        return clean ? 0 : 1;
    }

    private Outcome fuzz(Target target) throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("likelihood4j.home", "."), ".build", "fuzz", target.name());
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        for (byte[] input : target.corpus()) {
            Files.write(corpus.resolve("start-" + number++), input);
        }
        Path words = folder.resolve("words");
        Files.write(
                words,
                target.words().stream()
                        .map(word -> '"' + word.replace("\"", "\\\"") + '"')
                        .toList());
        Path log = folder.resolve("log.txt");
        long started = System.nanoTime();
        int code = new ProcessBuilder(command(target, folder, corpus, words))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        double took = (System.nanoTime() - started) / 1e9;
        return outcome(Files.readString(log, StandardCharsets.ISO_8859_1), code, took, log);
    }

    private List<String> command(Target target, Path folder, Path corpus, Path words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        Path memory = Path.of("/dev/shm");
        if (Files.isWritable(memory)) {
            // Each input is a file, which then no disk is worn out for.
            command.add("-Djava.io.tmpdir=" + memory);
        }
        command.addAll(List.of(
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Entry.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=org.likelihood4j.**:org.snakeyaml.**:tools.jackson.**",
                "--reproducer_path=" + folder,
                "-max_total_time=" + seconds,
                "-timeout=" + SECONDS_FOR_AN_INPUT,
                "-rss_limit_mb=2048",
                "-max_len=" + LONGEST_INPUT,
                "-artifact_prefix=" + folder + "/",
                "-print_final_stats=1"));
        if (!target.words().isEmpty()) {
            command.add("-dict=" + words);
        }
        command.add(corpus.toString());
        return command;
    }

    private static Outcome outcome(String log, int code, double seconds, Path file) {
        Matcher executed = EXECUTED.matcher(log);
        Matcher finding = FINDING.matcher(log);
        String found = code == 0 ? null : "exit code " + code + ", see " + file;
        if (code != 0 && finding.find()) {
            String what = finding.group(1) == null ? finding.group(2) : finding.group(1);
            found = what.substring(0, Math.min(200, what.length())) + " (" + file + ")";
        }
        return new Outcome(executed.find() ? Long.parseLong(executed.group(1)) : 0, seconds, found);
    }
}
