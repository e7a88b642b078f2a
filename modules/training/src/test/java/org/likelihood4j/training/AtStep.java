package org.likelihood4j.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.likelihood4j.training.events.TrainingListener;

/** Does something, to the disk for example, when a step has been taken and before its line is written. */
public record AtStep(long step, Action action) implements TrainingListener {
    public interface Action {
        void run() throws IOException;
    }

    @Override
    public void stepped(Step done) {
        if (done.step() == step) {
            try {
                action.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
