package org.likelihood4j.training;

import java.util.List;
import java.util.function.Consumer;

/** All who follow a training, told in order. */
record Listeners(List<TrainingListener> all) {
    Listeners {
        all = List.copyOf(all);
    }

    void tell(Consumer<TrainingListener> event) {
        all.forEach(event);
    }

    void warn(String warning) {
        tell(listener -> listener.warned(warning));
    }
}
