package org.likelihood4j.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** While open, a process that is asked to end (Ctrl-C) first asks the work to stop, and waits until it has. */
public final class StopOnExit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StopOnExit.class);
    /** A step and a checkpoint take far less; a disk that hangs must not keep the terminal. */
    private static final long STOP_SECONDS = 60;

    private final Runnable requestStop;
    private final CountDownLatch finished = new CountDownLatch(1);

    private StopOnExit(Runnable requestStop) {
        this.requestStop = requestStop;
    }

    public static StopOnExit of(Runnable requestStop) {
        StopOnExit stop = new StopOnExit(requestStop);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::stop, "stop"));
        return stop;
    }

    private void stop() {
        requestStop.run();
        try {
            if (!finished.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("gave up waiting for the end after {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work has ended, and all that it had to say is said. */
    @Override
    public void close() {
        finished.countDown();
    }
}
