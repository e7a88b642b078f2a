package org.likelihood4j.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Log events as plain lines on the console: INFO as it is, {@code warning:} before what is worse. */
public final class ConsoleLog extends AppenderBase<ILoggingEvent> {
    private final Console console;

    public ConsoleLog(Console console) {
        this.console = console;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Level level = event.getLevel();
        if (level.isGreaterOrEqual(Level.WARN)) {
            console.warning(event.getFormattedMessage());
        } else if (level.isGreaterOrEqual(Level.INFO)) {
            console.line(event.getFormattedMessage());
        }
    }
}
