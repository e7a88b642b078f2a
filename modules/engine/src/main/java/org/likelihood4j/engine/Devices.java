package org.likelihood4j.engine;

import java.util.List;
import java.util.Optional;

/** The devices of this process. */
public final class Devices {
    private static final List<Device> FOUND = Services.found(Device.class);

    private Devices() {}

    /** The processor. */
    public static Device cpu() {
        return named("cpu").orElseThrow();
    }

    /** The device of a name, whether it can be used or not; empty if no jar on the class path brings it. */
    public static Optional<Device> named(String name) {
        return FOUND.stream().filter(device -> device.name().equals(name)).findFirst();
    }
}
