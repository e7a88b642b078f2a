package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.terminal.ConsoleLog;
import org.likelihood4j.cli.terminal.LogSetup;
import org.likelihood4j.cli.terminal.RunLog;
import org.likelihood4j.cli.terminal.StdoutGuard;
import org.slf4j.LoggerFactory;

/** What reaches the console, what the run's log, and what neither. */
class LoggingTest {
    @TempDir
    private Path folder;

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve(RunLog.FILE_NAME));
    }

    @Test
    void theConsoleShowsOurOwnLinesOnly() {
        Captured captured = new Captured(false);
        LoggerContext context = new LoggerContext();
        new LogSetup().configure(context);
        Logger ours = context.getLogger(LogSetup.OURS);
        Appender<ILoggingEvent> real = ours.getAppender("console");
        ours.detachAppender(real);
        ConsoleLog appender = new ConsoleLog(captured.console());
        appender.setContext(context);
        appender.start();
        ours.addAppender(appender);

        context.getLogger("org.likelihood4j.training.Trainer").debug("hidden");
        context.getLogger("org.likelihood4j.training.Trainer").info("epoch {} done", 1);
        context.getLogger("org.likelihood4j.training.Trainer").warn("the loss is not finite");
        context.getLogger("org.nd4j.linalg.factory.Nd4jBackend").warn("hidden too");
        context.stop();

        assertThat(captured.outLines()).containsExactly("epoch 1 done", "warning: the loss is not finite");
    }

    @Test
    void logbackFindsOurConfiguration() {
        Logger ours = (Logger) LoggerFactory.getLogger(LogSetup.OURS);
        assertThat(ours.getAppender("console")).isInstanceOf(ConsoleLog.class);
    }

    @Test
    void theRunLogHoldsEveryLogger() throws IOException {
        try (RunLog log = RunLog.open(folder)) {
            assertThat(log).isNotNull();
            LoggerFactory.getLogger("org.nd4j.Backend").info("loaded a backend");
            LoggerFactory.getLogger("org.likelihood4j.Own").debug("a detail");
            LoggerFactory.getLogger("org.likelihood4j.Own").debug("failed", new IllegalStateException("why"));
        }
        LoggerFactory.getLogger("org.nd4j.Backend").info("after the end");

        assertThat(log()).anyMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.* INFO .*Backend - loaded a backend"));
        assertThat(log()).anyMatch(line -> line.contains("DEBUG") && line.endsWith("org.likelihood4j.Own - a detail"));
        assertThat(log()).contains("java.lang.IllegalStateException: why");
        assertThat(log()).noneMatch(line -> line.contains("after the end"));
    }

    @Test
    void aSecondRunLogAppends() throws IOException {
        for (String message : List.of("first", "second")) {
            try (RunLog log = RunLog.open(folder.resolve("new"))) {
                assertThat(log).isNotNull();
                LoggerFactory.getLogger("x").info(message);
            }
        }
        List<String> lines = Files.readAllLines(folder.resolve("new").resolve(RunLog.FILE_NAME));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith("x - first");
        assertThat(lines.get(1)).endsWith("x - second");
    }

    @Test
    void aRunLogThatCannotBeWrittenIsAnIoException() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatIOException().isThrownBy(() -> RunLog.open(file));
    }

    @Test
    void whatLibrariesPrintGoesToTheLog() throws IOException {
        try (RunLog log = RunLog.open(folder)) {
            assertThat(log).isNotNull();
            try (StdoutGuard guard = StdoutGuard.install()) {
                assertThat(guard).isNotNull();
                System.out.println("Added differentiated op mul");
                System.out.print("half a line");
                System.out.println(", and its end\n");
            }
        }
        assertThat(log()).hasSize(2);
        assertThat(log().get(0)).contains("DEBUG").endsWith("stdout - Added differentiated op mul");
        assertThat(log().get(1)).endsWith("stdout - half a line, and its end");
    }

    @Test
    void theGuardPutsTheOldStreamBack() {
        var before = System.out;
        try (StdoutGuard guard = StdoutGuard.install()) {
            assertThat(guard).isNotNull();
            assertThat(System.out).isNotSameAs(before);
        }
        assertThat(System.out).isSameAs(before);
    }
}
