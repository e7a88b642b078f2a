package org.likelihood4j.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Log events as plain lines on the console: INFO as it is, {@code warning:} and {@code error:} before the others. */
final class ConsoleLog extends AppenderBase<ILoggingEvent> {
    private final Console console;

    ConsoleLog(Console console) {
        this.console = console;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Level level = event.getLevel();
        if (level.isGreaterOrEqual(Level.ERROR)) {
            console.line("error: " + event.getFormattedMessage());
        } else if (level.isGreaterOrEqual(Level.WARN)) {
            console.line("warning: " + event.getFormattedMessage());
        } else if (level.isGreaterOrEqual(Level.INFO)) {
            console.line(event.getFormattedMessage());
        }
    }
}
