package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.io.FolderLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunsCommandTest {
    private static final String CONFIG = "model: {type: vae}\ndata: {type: mnist}\ntraining: {epochs: 9}\n";
    private static final String START = "{\"event\":\"start\",\"steps_per_epoch\":10}\n";

    @TempDir
    private static Path folder;

    private static Path runs;

    @BeforeAll
    static void prepare() throws Exception {
        Path vae = Program.train(folder, Program.VAE);
        runs = folder.resolve("runs");
        Program.run("evaluate", vae, "--images", 10).succeeded();
        Program.train(folder, Program.FLOW);
        made(
                "killed",
                START + epoch(1, "{\"loss\":5.5}") + epoch(2, "{\"loss\":4.25}") + epoch(3, "{\"loss\":\"NaN\"}"));
        made("running", START + epoch(1, "{}"));
        made("diverged", START + epoch(1, "{\"loss\":7}") + "{\"event\":\"end\",\"reason\":\"diverged\"}\n");
        made("stopped", START + "{\"event\":\"end\",\"reason\":\"interrupted\"}\n");
        made("noise", "\u0000\u0001 no json\n" + START + "[]\n" + epoch(4, "{\"loss\":3}"));
        Files.createDirectories(runs.resolve("no run"));
        Files.createSymbolicLink(made("linked", START).resolve("samples"), folder);
        Files.writeString(made("config", START).resolve("config.yaml"), "model: [\n");
        Files.writeString(made("result", START).resolve("evaluation-test.json"), "{\"run\":");
        Path piped = made("piped", "");
        Files.delete(piped.resolve("metrics.jsonl"));
        assertThat(new ProcessBuilder("mkfifo", piped.resolve("metrics.jsonl").toString())
                        .start()
                        .waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        made("c-compare/latent=2-seed1", START);
        Files.writeString(runs.resolve("c-compare/comparison.json"), "{}");
        Files.createDirectory(runs.resolve("\u001b[2Jnamed"));
        Files.writeString(runs.resolve("a file"), "mine");
    }

    private static Path made(String name, String metrics) throws IOException {
        Path run = Files.createDirectories(runs.resolve(name));
        Files.writeString(run.resolve("config.yaml"), CONFIG);
        Files.writeString(run.resolve("metrics.jsonl"), metrics);
        Files.setLastModifiedTime(run.resolve("metrics.jsonl"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        return run;
    }

    private static String epoch(int epoch, String validation) {
        return "{\"event\":\"epoch\",\"epoch\":" + epoch + ",\"step\":" + 10 * epoch + ",\"validation\":" + validation
                + ",\"seconds\":1}\n";
    }

    @SuppressWarnings("try") // the lock is only to be held
    private static Program.Result list(Object... more) throws IOException {
        Object[] arguments = new Object[more.length + 2];
        arguments[0] = "runs";
        arguments[1] = runs;
        System.arraycopy(more, 0, arguments, 2, more.length);
        try (FolderLock lock = FolderLock.take(runs.resolve("running")).orElseThrow()) {
            return Program.run(arguments).succeeded();
        }
    }

    private static String row(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyRunHasItsRow() throws IOException {
        List<String> lines = list().out();
        assertThat(lines.get(0)).matches("run +status +model +data +epochs +best validation +evaluation +size +date");
        assertThat(row(lines, "tiny-vae"))
                .matches(
                        "tiny-vae +finished +vae +digits +2/2 +\\d+\\.\\d+ nats +nll \\d+\\.\\d+ \\+- [0-9.]+ +\\d+\\.\\d MB"
                                + " +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d");
        // It has no validation images.
        assertThat(row(lines, "tiny-flow")).matches("tiny-flow +finished +realnvp +digits +2/2 +- +- +.*");
        assertThat(row(lines, "killed"))
                .matches("killed +interrupted +vae +mnist +3/9 +4\\.2500 nats +- +0\\.0 MB +.*");
        assertThat(row(lines, "running")).matches("running +running +vae +mnist +1/9 +- .*");
        assertThat(row(lines, "diverged")).matches("diverged +diverged +vae +mnist +1/9 +7\\.0000 nats .*");
        assertThat(row(lines, "stopped")).matches("stopped +interrupted +vae +mnist +0/9 .*");
        assertThat(row(lines, "c-compare/latent=2-seed1")).contains("interrupted");
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        List<String> lines = list().out();
        assertThat(row(lines, "no run")).matches("no run +damaged +- +- +- +- +- .*");
        assertThat(lines).contains("no run: not a run directory, it has no config.yaml");
        assertThat(row(lines, "linked")).contains("damaged");
        assertThat(lines).anyMatch(line -> line.startsWith("linked: samples: is a link"));
        assertThat(row(lines, "piped")).contains("damaged");
        assertThat(lines).contains("piped: metrics.jsonl: not a file");
        assertThat(row(lines, "noise")).matches("noise +interrupted +vae +mnist +4/9 +3\\.0000 nats .*");
        assertThat(lines).contains("noise: metrics.jsonl: left out 2 damaged lines: 1, 3");
        assertThat(row(lines, "config")).matches("config +interrupted +- +- +0/\\? .*");
        assertThat(lines).anyMatch(line -> line.startsWith("config: config.yaml:2: not valid YAML"));
        assertThat(lines).anyMatch(line -> line.startsWith("result: evaluation-test.json: not an evaluation"));
        assertThat(row(lines, "\\u001b[2Jnamed")).contains("damaged");
        assertThat(String.join("", lines)).doesNotContain("\u001b");
    }

    @Test
    void aProgramGetsOneDocument() throws IOException {
        JsonNode all =
                new JsonMapper().readTree(list("--json", "--sort", "name").text());
        assertThat(all.size())
                .isEqualTo(list().out().stream()
                        .filter(line -> line.matches(".* MB .*"))
                        .count());
        JsonNode vae = find(all, "tiny-vae");
        assertThat(vae.get("status").stringValue()).isEqualTo("finished");
        assertThat(vae.get("epochs").intValue()).isEqualTo(2);
        assertThat(vae.at("/best_validation/unit").stringValue()).isEqualTo("nats");
        assertThat(vae.at("/best_validation/value").doubleValue()).isPositive();
        assertThat(vae.at("/evaluations/0/images").intValue()).isEqualTo(10);
        assertThat(vae.get("bytes").longValue()).isGreaterThan(100_000);
        assertThat(Instant.parse(vae.get("modified").stringValue())).isAfter(Instant.parse("2021-01-01T00:00:00Z"));
        assertThat(find(all, "piped").get("problems").get(0).stringValue()).isEqualTo("metrics.jsonl: not a file");
        assertThat(find(all, "piped").get("best_validation").isNull()).isTrue();
    }

    private static JsonNode find(JsonNode all, String name) {
        for (JsonNode run : all) {
            if (run.get("run").stringValue().equals(name)) {
                return run;
            }
        }
        throw new AssertionError(name + " is not in " + all);
    }

    @Test
    void rowsAreSorted() throws IOException {
        assertThat(names("--sort", "name")).isSorted();
        List<String> best = names("--sort", "best");
        assertThat(best.subList(0, 4)).startsWith("noise", "killed", "diverged");
        assertThat(names("--sort", "evaluation")).startsWith("tiny-vae");
        // By date, the newest first.
        assertThat(names()).containsSubsequence("tiny-flow", "tiny-vae", "killed");
        assertThat(names("--sort", "epochs")).startsWith("noise", "killed");
        assertThat(names("--sort", "STATUS")).startsWith("running");
    }

    private static List<String> names(Object... more) throws IOException {
        return list(more).out().stream()
                .filter(line -> line.matches(".* MB .*"))
                .map(line -> line.split(" ", -1)[0])
                .toList();
    }

    @Test
    void oneRunAndNone() throws IOException {
        assertThat(Program.run("runs", runs.resolve("killed")).succeeded().out().get(1))
                .startsWith("killed  interrupted");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(Program.run("runs", empty).succeeded().out()).containsExactly("no runs in " + empty);
        assertThat(Program.run("runs", empty, "--json").succeeded().text()).isEqualTo("[ ]");
    }
}
