package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person gets wrong with the commands around a training: one line, and nothing is made or changed. */
class BadCommandsTest {
    @TempDir
    private static Path folder;

    private static Path run;

    /** A command line, {@code @} standing for the test's folder, and what its message must say. */
    record Case(int exit, String line, List<String> named) {
        @Override
        public String toString() {
            return line;
        }
    }

    private static Case fails(String line, String... named) {
        return new Case(1, line, List.of(named));
    }

    private static Case misused(String line, String... named) {
        return new Case(2, line, List.of(named));
    }

    @BeforeAll
    static void prepare() throws IOException {
        run = Program.train(folder, Program.VAE);
        Files.writeString(folder.resolve("file"), "mine");
        Files.writeString(folder.resolve("mine.yaml"), "mine");
        Files.createDirectory(folder.resolve("empty"));
    }

    static Stream<Case> init() {
        return Stream.of(
                fails("init --data digit --output @x.yaml", "--data", "must be one of", "digits", "was 'digit'"),
                fails("init --data digits photos --output @x.yaml", "--data digits takes no path", "'photos'"),
                fails("init --model gan --output @x.yaml", "--model", "vae, realnvp", "was 'gan'"),
                fails("init --output @mine.yaml", "@mine.yaml", "exists and is kept", "--output"),
                fails("init --output @x.yml.txt", "--output must end in .yaml", "x.yml.txt"),
                fails("init --output @-x.yaml", "--output", "names the run", "-x.yaml"),
                fails("init --output @x..y.yaml", "--output", "names the run", "x..y.yaml"),
                fails("init --output @empty", "--output must end in .yaml"),
                fails("init --output @none/x.yaml", "there is no folder", "@none", "--output"),
                fails("init --output @file/x.yaml", "there is no folder", "@file"),
                misused("init --data", "--data"),
                misused("init --data digits a b --output @x.yaml", "unexpected argument", "'b'"),
                misused("init --outptu @x.yaml", "unknown option '--outptu'", "--output"));
    }

    static Stream<Case> runs() {
        return Stream.of(
                fails("runs @none", "@none", "no such folder", "runs"),
                fails("runs @file", "@file", "no such folder"),
                fails("runs @none --json", "@none", "no such folder"),
                misused("runs @runs --sort colour", "--sort", "one of date, name, status", "'colour'"),
                misused("runs @runs --sort", "--sort"),
                misused("runs @runs @empty", "unexpected argument"));
    }

    static Stream<Case> schemaAndCompletion() {
        return Stream.of(
                misused("schema vae", "unexpected argument 'vae'"),
                misused("schema --json", "unknown option '--json'"),
                misused("completion", "SHELL"),
                misused("completion fish", "one of bash, zsh", "'fish'"),
                misused("completion bash zsh", "unexpected argument 'zsh'"));
    }

    static Stream<Case> json() {
        return Stream.of(
                fails("evaluate @none --json", "@none", "no such run"),
                fails("evaluate @runs/tiny-vae --json --images 0", "--images", "at least 1"),
                fails("gap @runs/tiny-vae --json --chains 0", "--chains", "1 to 1024"),
                fails("gap @runs/tiny-vae --simulated -1", "--simulated", "at least 0"),
                fails("latents @runs/tiny-vae --images 2", "--images", "3 to"),
                fails("verify @empty --json", "@empty", "not a run directory"),
                fails("verify --json --images 5", "--images", "RUN"),
                fails("compare @vae.yaml --vary model.latent --json --runs @c", "model.latent"),
                misused("compare @vae.yaml --json", "--vary"),
                misused("sample @runs/tiny-vae --json", "unknown option '--json'"),
                misused("evaluate @runs/tiny-vae --json=yes", "--json"));
    }

    static Stream<Case> quiet() {
        return Stream.of(
                fails("--quiet sample @none", "@none", "no such run"),
                fails("train @vae.yaml --quiet --set training.epochs=0 --runs @c", "training.epochs", "at least 1"),
                fails("explain @vae.yaml -q --runs 0", "--runs", "at least 1", "0"),
                fails("explain @vae.yaml -q --set engine=reference", "@vae.yaml", "compiled engine", "reference"),
                fails("resume @empty -q", "@empty", "not a run directory"),
                misused("train @vae.yaml --quite", "unknown option '--quite'", "--quiet"),
                misused("--quiet=maybe train @vae.yaml", "--quiet"),
                misused("train -qx @vae.yaml", "unknown option '-x'"));
    }

    @ParameterizedTest
    @MethodSource({"init", "runs", "schemaAndCompletion", "json", "quiet"})
    void isToldInOneLine(Case bad) throws IOException {
        List<String> before = everything();
        Object[] arguments = Stream.of(bad.line.split(" ", -1)).map(this::path).toArray();
        Program.Result result = Program.run(arguments)
                .toldInOneLine(bad.exit, bad.named.stream().map(this::path).toList());
        assertThat(result.out()).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    /** Every file, and when it was written. */
    private static List<String> everything() throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted().toList()) {
                files.add(path + " " + Files.getLastModifiedTime(path));
            }
        }
        assertThat(files).anyMatch(file -> file.startsWith(run.toString()));
        return files;
    }

    private String path(String text) {
        return text.replace("@", folder + "/");
    }
}
