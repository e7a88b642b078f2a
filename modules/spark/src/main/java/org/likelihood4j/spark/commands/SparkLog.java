package org.likelihood4j.spark.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.likelihood4j.cli.session.TrainingSession.Open;
import org.likelihood4j.cli.terminal.RunLog;

/** A run's {@code log.txt} by Spark's own logger: what it logs itself, as it is configured, and our own lines. */
final class SparkLog {
    private static final String OURS = "org.likelihood4j";

    private SparkLog() {}

    /** @throws IOException if the file cannot be written */
    static Open open(Path run) throws IOException {
        Path file = run.resolve(RunLog.FILE_NAME).toAbsolutePath();
        // The logger would only say so.
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                .close();
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        Configuration configuration = context.getConfiguration();
        FileAppender appender = FileAppender.newBuilder()
                .setName(file.toString())
                .withFileName(file.toString())
                .withAppend(true)
                .setLayout(PatternLayout.newBuilder()
                        .withPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger - %msg%n%ex")
                        .build())
                .setConfiguration(configuration)
                .build();
        appender.start();
        configuration.getRootLogger().addAppender(appender, null, null);
        LoggerConfig ours = new LoggerConfig(OURS, Level.INFO, false);
        ours.addAppender(appender, null, null);
        configuration.addLogger(OURS, ours);
        context.updateLoggers();
        return () -> {
            configuration.removeLogger(OURS);
            configuration.getRootLogger().removeAppender(file.toString());
            context.updateLoggers();
            appender.stop();
        };
    }
}
