package org.likelihood4j.models.layers;

/** What a network makes of each of its dense layers: the layer itself, or one of which some weights do not count. */
@FunctionalInterface
public interface DenseKind {
    /** Units that a layer stands between. */
    enum Units {
        /** What the network takes. */
        INPUT,
        HIDDEN,
        /** What it puts out. */
        OUTPUT
    }

    /** All weights count. */
    DenseKind PLAIN = (layer, from, to) -> layer;

    /** What stands in the layer's place. */
    Layer of(Dense layer, Units from, Units to);
}
