package org.likelihood4j.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logback's configuration, found by it as a service: our own INFO and above on the console, everything in a run's log.
 *
 * <p>In code because reading an XML configuration would cost a good part of the program's start-up.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    public static final String OURS = "org.likelihood4j";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        context.getLogger("stdout").setLevel(Level.DEBUG);

        Logger ours = context.getLogger(OURS);
        ours.setLevel(Level.DEBUG);
        ConsoleLog console = new ConsoleLog(Console.system());
        console.setContext(context);
        console.setName("console");
        console.start();
        ours.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
