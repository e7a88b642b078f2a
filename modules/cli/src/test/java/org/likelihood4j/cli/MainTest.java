package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class MainTest {
    private final Captured captured = new Captured(false);
    private Throwable failure;

    @Command(name = "train", description = "Fails in the way the test asks for.")
    private final class Train implements Callable<Integer> {
        @Option(names = "--epochs")
        private int epochs;

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Exception e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
            captured.console().line("epochs " + epochs);
            return 0;
        }
    }

    private int run(String... arguments) {
        List<Function<Console, Object>> commands = List.of(console -> new Train());
        return Main.run(captured.console(), commands, arguments);
    }

    @Test
    void runsACommand() {
        assertThat(run("train", "--epochs", "3")).isZero();
        assertThat(captured.outLines()).containsExactly("epochs 3");
        assertThat(captured.errLines()).isEmpty();
    }

    @Test
    void ourOwnExceptionIsOneLineAndExitCode1() {
        failure = new UserError("epochs: must be\n  at least 1");
        assertThat(run("train")).isEqualTo(1);
        assertThat(captured.errLines()).containsExactly("error: epochs: must be at least 1");
    }

    @Test
    void aMissingFileIsOneLineAndExitCode1() {
        failure = new UncheckedIOException(new NoSuchFileException("configs/none.yaml"));
        assertThat(run("train")).isEqualTo(1);
        assertThat(captured.errLines()).containsExactly("error: no such file or folder: configs/none.yaml");
    }

    @Test
    void theCauseOfAFailedTaskIsReported() {
        failure = new ExecutionException(new UserError("the data set is empty"));
        assertThat(run("train")).isEqualTo(1);
        assertThat(captured.errLines()).containsExactly("error: the data set is empty");
    }

    @Test
    void runningOutOfMemoryNamesTheSettings() {
        failure = new OutOfMemoryError("Java heap space");
        assertThat(run("train")).isEqualTo(1);
        assertThat(captured.errLines()).hasSize(1).first().asString().contains("LIKELIHOOD4J_HEAP");
    }

    @Test
    void aDefectIsExitCode70WithAHint() {
        failure = new IllegalStateException("the sum is off");
        assertThat(run("train")).isEqualTo(70);
        assertThat(captured.errLines())
                .containsExactly(
                        "error: unexpected IllegalStateException: the sum is off",
                        "Run again with --debug for the stack trace.");
    }

    @Test
    void anErrorOfTheJvmIsADefectToo() {
        failure = new UnsatisfiedLinkError("no such library");
        assertThat(run("train")).isEqualTo(70);
        assertThat(captured.errLines()).first().asString().contains("UnsatisfiedLinkError: no such library");
    }

    @Test
    void debugShowsTheStackTraceBeforeOrAfterTheCommand() {
        failure = new UserError("no");
        assertThat(run("train", "--debug")).isEqualTo(1);
        assertThat(captured.errLines()).first().isEqualTo("error: no");
        assertThat(captured.errLines()).anyMatch(line -> line.contains("at org.likelihood4j.cli.MainTest"));

        Captured second = new Captured(false);
        Main.run(second.console(), List.of(console -> new Train()), "--debug", "train");
        assertThat(second.errLines()).anyMatch(line -> line.contains("at org.likelihood4j.cli.MainTest"));
    }

    @Test
    void anUnknownCommandSuggestsTheNearest() {
        assertThat(run("trian")).isEqualTo(2);
        assertThat(captured.errLines())
                .containsExactly(
                        "error: unknown command 'trian'; did you mean 'train'?",
                        "Run './run.sh --help' to see what there is.");
    }

    @Test
    void anUnknownOptionSuggestsTheNearest() {
        assertThat(run("train", "--epocs", "3")).isEqualTo(2);
        assertThat(captured.errLines())
                .containsExactly(
                        "error: unknown option '--epocs'; did you mean '--epochs'?",
                        "Run './run.sh train --help' to see what there is.");
    }

    @Test
    void aBadValueIsAUsageError() {
        assertThat(run("train", "--epochs", "many")).isEqualTo(2);
        assertThat(captured.errLines())
                .hasSize(2)
                .first()
                .asString()
                .contains("--epochs")
                .contains("many");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help"})
    void helpListsTheCommandsWithoutColours(String argument) {
        assertThat(argument.isEmpty() ? run() : run(argument)).isZero();
        assertThat(captured.out()).contains("./run.sh").contains("train").doesNotContain("\u001b");
        assertThat(captured.errLines()).isEmpty();
    }

    @Test
    void aCommandHasHelpToo() {
        assertThat(run("train", "--help")).isZero();
        assertThat(captured.out()).contains("Usage: ./run.sh train").contains("--epochs");
    }

    @Test
    void versionNamesTheProgramTheLibraryAndTheJvm() {
        assertThat(run("--version")).isZero();
        assertThat(captured.outLines()).hasSize(3);
        assertThat(captured.outLines().get(0)).matches("likelihood4j \\d+\\.\\d+.*");
        assertThat(captured.outLines().get(1)).startsWith("ND4J 1.");
        assertThat(captured.outLines().get(2)).startsWith("Java " + System.getProperty("java.version"));
    }

    @Test
    void commandsAreFoundByTheirNames() {
        Main.COMMANDS.forEach(
                (name, command) -> assertThat(new CommandLine(command.apply(captured.console())).getCommandName())
                        .isEqualTo(name));
    }

    /** Only a command that is named is made; without one, or for what lists or suggests commands, all are. */
    @ParameterizedTest
    @CsvSource({
        "runs, 1",
        "-q runs --json, 1",
        "--debug train runs, 1",
        "--help, -1",
        "trian, -1",
        "completion bash, -1"
    })
    void aCommandLineMeansOneCommandOrAll(String line, int commands) {
        assertThat(Main.meant(line.split(" ", -1))).hasSize(commands > 0 ? commands : Main.COMMANDS.size());
    }
}
