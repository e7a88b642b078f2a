package org.likelihood4j.engine;

import java.util.Comparator;
import java.util.Optional;

/** The devices of this process. */
public final class Devices {
    private static final Optional<Device> BEST = Services.found(Device.class).stream()
            .filter(Device::isAvailable)
            .max(Comparator.comparingInt(Device::priority));

    private Devices() {}

    /** Of those that can be used the one of the highest priority; none where ND4J's arrays are elsewhere than all devices' memory. */
    public static Optional<Device> best() {
        return BEST;
    }
}
