package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.cli.Program;

/** The script, in a real bash. */
class CompletionCommandTest {
    /** Calls what bash calls at a tab, and prints what it would offer. */
    private static final String TAB = """
            source "$1"
            shift
            compopt() { :; }
            words=$(complete -p run.sh)
            words=${words#* -F }
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            "${words%% *}" ./run.sh
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    private static Path folder;

    private static Path script;

    @BeforeAll
    static void write() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
        script = folder.resolve("completion");
        // As run.sh says it: the modules are listed from there.
        System.setProperty("likelihood4j.home", "../..");
        try {
            Program.Result result = Program.run("completion", "bash").succeeded();
            Files.writeString(script, result.text() + "\n");
            assertThat(Program.run("completion", "zsh").succeeded().out()).isEqualTo(result.out());
        } finally {
            System.clearProperty("likelihood4j.home");
        }
    }

    private static List<String> offered(String... words) throws IOException, InterruptedException {
        Path tab = Files.writeString(folder.resolve("tab"), TAB);
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "--norc", tab.toString(), script.toString());
        builder.command().addAll(Arrays.asList(words));
        builder.directory(folder.toFile());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "ev, evaluate",
        "expl, explain",
        "evaluate --imp, --importance-samples",
        "evaluate x --split v, validation",
        "runs --sort si, size",
        "init --model r, realnvp",
        "init --data m, mnist",
        "completion z, zsh",
        "train --qu, --quiet",
        "train x.yaml --na, --name",
        "tes, test",
        "dev mod, models",
        "test lab, laboratory",
        "train compl, completion"
    })
    void aWordIsCompleted(String typed, String completed) throws Exception {
        assertThat(offered(("./run.sh " + typed).split(" ", -1))).containsExactly(completed);
    }

    @Test
    void everyCommandIsOffered() throws Exception {
        List<String> offered = offered("./run.sh", "");
        for (String line : Program.run("--help").out()) {
            if (line.matches("  [a-z]+ {2,}.*")) {
                assertThat(offered).contains(line.strip().split(" ", -1)[0]);
            }
        }
        assertThat(offered).hasSizeGreaterThan(18);
    }

    @Test
    void onlyRunShIsCompleted() throws Exception {
        assertThat(Files.readAllLines(script)).endsWith("complete -F _complete_run -o default run.sh");
    }

    /** What run.sh does without the program has to be listed by hand. */
    @Test
    void theCommandsOfTheScriptItselfAreThoseOfRunSh() throws IOException {
        String text = Files.readString(Path.of("..", "..", "run.sh"));
        String choices = text.substring(text.lastIndexOf("\ncase ${1:-} in"));
        TreeSet<String> found = Pattern.compile("(?m)^  ([a-z-]+)\\)")
                .matcher(choices)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(CompletionCommand.OF_THE_SCRIPT).containsExactlyInAnyOrderElementsOf(found);
    }
}
