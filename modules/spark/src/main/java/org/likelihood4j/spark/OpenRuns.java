package org.likelihood4j.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Calibration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that this process has opened: each once, for all its tasks. A run that no task uses stays open for the next ones, the last few
 * of them; opening one takes seconds.
 */
final class OpenRuns {
    private static final Logger LOG = LoggerFactory.getLogger(OpenRuns.class);

    /** Runs that stay open unused. */
    private static final int MOST_IDLE = 2;

    /** By their sums, the least recently asked for first. */
    private static final Map<String, Held> OPEN = new LinkedHashMap<>();

    private OpenRuns() {}

    /**
     * An opened run.
     *
     * @param model on the processor, wherever it was trained
     * @param calibration of the checkpoint, if it has one
     * @param weights that the model has
     */
    record OpenRun(OpenedModel model, Optional<Calibration> calibration, Calibration.Weights weights) {}

    private static final class Held {
        private final OpenRun run;
        private int users;

        Held(OpenRun run) {
            this.run = run;
        }
    }

    /** A run in use, until it is closed. */
    static final class Use implements AutoCloseable {
        private final Held held;
        private boolean closed;

        private Use(Held held) {
            this.held = held;
        }

        OpenRun run() {
            return held.run;
        }

        /** Closing twice is no mistake. */
        @Override
        public void close() {
            synchronized (OPEN) {
                if (!closed) {
                    closed = true;
                    held.users--;
                    closeIdle();
                }
            }
        }
    }

    /**
     * Opens a run, or takes the one that is open. Others wait meanwhile: they would only do the same.
     *
     * @throws RunException if it cannot be opened; one line
     */
    static Use use(RunBytes bytes) {
        synchronized (OPEN) {
            Held held = OPEN.remove(bytes.sha256());
            if (held == null) {
                held = new Held(open(bytes));
            }
            OPEN.put(bytes.sha256(), held);
            held.users++;
            closeIdle();
            return new Use(held);
        }
    }

    private static OpenRun open(RunBytes bytes) {
        Natives.prepare();
        long started = System.nanoTime();
        OpenRun open = bytes.unpacked(run -> new OpenRun(
                OpenedModel.open(run.path(), bytes.checkpoint(), Device.CPU),
                Calibration.read(run, bytes.checkpoint()),
                Calibration.Weights.of(run, bytes.checkpoint())));
        LOG.info("opened the run {} in {} ms", bytes.name(), (System.nanoTime() - started) / 1_000_000);
        return open;
    }

    private static void closeIdle() {
        List<String> idle = new ArrayList<>();
        OPEN.forEach((sum, held) -> {
            if (held.users == 0) {
                idle.add(sum);
            }
        });
        for (String sum : idle.subList(0, Math.max(0, idle.size() - MOST_IDLE))) {
            OPEN.remove(sum).run.model().close();
        }
    }
}
