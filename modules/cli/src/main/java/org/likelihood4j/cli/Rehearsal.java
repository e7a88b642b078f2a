package org.likelihood4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StdoutGuard;

/**
 * Runs each command that touches no tensor, so that a JVM can note which classes they need:
 * bin/archive.sh makes an archive of those.
 */
public final class Rehearsal {
    /** What a short training of a VAE leaves: one line of each kind that a report is made from. */
    private static final String METRICS = """
            {"event":"start","time":"2026-01-01T00:00:00Z","steps_per_epoch":1,"total_steps":2,"parameters":10,\
            "provenance":{"revision":"unknown","data_sha256":{"train":"0"}}}
            {"event":"step","time":"2026-01-01T00:00:01Z","step":1,"epoch":1,"loss":2.5,"elbo":-2.5,"reconstruction":-2.0,\
            "kl_analytic":0.5,"kl_sampled":0.5,"gradient_norm":1.0,"learning_rate":0.001,"blocks":[]}
            {"event":"epoch","time":"2026-01-01T00:00:02Z","epoch":1,"step":1,\
            "training":{"loss":2.5,"elbo":-2.5,"reconstruction":-2.0,"kl_analytic":0.5,"kl_sampled":0.5},\
            "validation":{"loss":2.5,"elbo":-2.5,"reconstruction":-2.0,"kl_analytic":0.5,"kl_sampled":0.5},\
            "best":true,"seconds":1.0,\
            "kl":{"examples":9,"analytic":0.5,"sampled":0.5,"difference":0.0,"standard_error":0.1,"z":0.0},\
            "latents":{"images":9,"active":1,"kl_analytic":[0.4,0.1],"kl_sampled":[0.4,0.1],"mean_variance":[0.5,0.1],\
            "mutual_information":[0.3,0.1],"marginal_kl":[0.1,0.0]},"warnings":["none"]}
            {"event":"end","time":"2026-01-01T00:00:03Z","reason":"completed","epoch":1,"step":1}
            """;

    private Rehearsal() {}

    /**
     * Rehearses.
     *
     * @param arguments the folder to work in, which is made
     */
    public static void main(String[] arguments) throws IOException {
        StdoutGuard.install();
        Path run = Files.createDirectories(Path.of(arguments[0]).resolve("run"));
        for (List<String> command : commands(run)) {
            int exit = Main.run(silent(), command.toArray(String[]::new));
            if (exit != 0) {
                throw new IllegalStateException(command + " ended with exit code " + exit);
            }
        }
    }

    /** The command lines, in an order that they work in. */
    static List<List<String>> commands(Path run) throws IOException {
        Files.writeString(run.resolve("metrics.jsonl"), METRICS);
        String runs = run.getParent().toString();
        String config = run.resolve("config.yaml").toString();
        return List.of(
                List.of("--version"),
                List.of("--help"),
                List.of("init", "--output", config),
                List.of("validate", config),
                List.of("runs", runs),
                List.of("runs", runs, "--json"),
                List.of("metrics", run.toString()),
                List.of("report", run.toString()),
                List.of("schema"),
                List.of("completion", "bash"));
    }

    private static Console silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Console(nowhere, nowhere, false, 100);
    }
}
