package org.likelihood4j.training.events;

import java.util.List;
import java.util.function.Consumer;

/** All who follow a training, told in order. */
public record Listeners(List<TrainingListener> all) {
    public Listeners {
        all = List.copyOf(all);
    }

    public void tell(Consumer<TrainingListener> event) {
        all.forEach(event);
    }

    public void warn(String warning) {
        tell(listener -> listener.warned(warning));
    }
}
