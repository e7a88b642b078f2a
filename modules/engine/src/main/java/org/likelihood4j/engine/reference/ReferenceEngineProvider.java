package org.likelihood4j.engine.reference;

import java.util.Optional;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.EngineProvider;

/** Offers the {@link ReferenceEngine}, which runs everywhere. */
public final class ReferenceEngineProvider implements EngineProvider {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Optional<Engine> engine(Device device) {
        return Optional.of(new ReferenceEngine());
    }
}
