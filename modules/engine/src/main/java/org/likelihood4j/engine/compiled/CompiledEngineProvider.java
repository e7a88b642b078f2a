package org.likelihood4j.engine.compiled;

import java.util.Optional;
import org.likelihood4j.engine.Devices;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.EngineProvider;

/** Offers the {@link CompiledEngine} for the best device. */
public final class CompiledEngineProvider implements EngineProvider {
    @Override
    public String name() {
        return "compiled";
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Optional<Engine> engine() {
        return Devices.best().map(CompiledEngine::new);
    }

    @Override
    public Optional<Engine> mixed() {
        return Devices.best()
                .flatMap(device -> device.narrowing().map(narrowing -> new CompiledEngine(device, narrowing)));
    }
}
