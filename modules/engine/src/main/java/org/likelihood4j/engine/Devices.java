package org.likelihood4j.engine;

import java.util.Optional;
import java.util.ServiceLoader;

/** The devices of this process. */
public final class Devices {
    private static final Optional<Device> BEST =
            ServiceLoader.load(Device.class, Device.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(Device::isAvailable)
                    .findFirst();

    private Devices() {}

    /** The first one that can be used; none where ND4J's arrays are elsewhere than all devices' memory. */
    public static Optional<Device> best() {
        return BEST;
    }
}
