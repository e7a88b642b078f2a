package org.likelihood4j.engine;

/**
 * What a device cannot do, in one line that begins with its name: it has no room, refuses a program, or is lost. Whether what was on it
 * is still there, only the next use of it tells.
 */
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeviceException(String message) {
        super(message);
    }
}
