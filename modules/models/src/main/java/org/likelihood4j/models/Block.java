package org.likelihood4j.models;

import java.util.OptionalDouble;

/**
 * A part of a model by which its training is watched: a coupling block, or a whole network.
 *
 * @param path its parameters' names begin with this path
 * @param logScaleBound c, where {@code |G(x2)|, |s| < c} (nats); empty for a part without log-scales
 */
public record Block(Path path, OptionalDouble logScaleBound) {
    /** Whether a parameter belongs to it. */
    public boolean holds(String parameter) {
        return parameter.startsWith(path + "/");
    }
}
