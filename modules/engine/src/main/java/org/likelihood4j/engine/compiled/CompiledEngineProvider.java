package org.likelihood4j.engine.compiled;

import java.util.Optional;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.EngineProvider;

/** Offers the {@link CompiledEngine} for every device. */
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
    public Optional<Engine> engine(Device device) {
        return Optional.of(new CompiledEngine(device));
    }

    @Override
    public Optional<Engine> tf32(Device device) {
        return device.tf32().map(CompiledEngine::new);
    }

    @Override
    public Optional<Engine> mixed(Device device) {
        return device.narrowing().map(narrowing -> new CompiledEngine(device, narrowing));
    }
}
