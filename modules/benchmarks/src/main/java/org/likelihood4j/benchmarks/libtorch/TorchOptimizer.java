package org.likelihood4j.benchmarks.libtorch;

/** The forms of Adam that libtorch offers; the twin takes the fastest. */
public enum TorchOptimizer {
    /** {@code torch._fused_adam_} over the list of parameters: one vectorised pass each. */
    FUSED("fused Adam"),
    /** {@code torch._fused_adam_} over one flat vector, whose gradient must be joined first. */
    FUSED_FLAT("fused Adam, flat"),
    /** The {@code torch._foreach_*} operations over the list of parameters. */
    FOREACH("foreach Adam");

    private final String title;

    TorchOptimizer(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
