package org.likelihood4j.benchmarks.libtorch;

import org.likelihood4j.benchmarks.work.Agreement;

/**
 * How a twin's module is written and run.
 *
 * @param rewriting whether libtorch may rewrite the module's graph, by what it sees in the first calls; else the module's operations
 *     run one by one as written
 * @param channelsLast whether images have their channels last; where there are any
 * @param autocast whether the module does what {@code torch.autocast} to bfloat16 does on a CPU: it casts what layers read, leaves
 *     what they make, and takes the loss of networks' outputs in float32
 */
public record TorchForm(TorchOptimizer optimizer, boolean rewriting, boolean channelsLast, boolean autocast) {
    String title() {
        return "TorchScript" + (rewriting ? "" : " as written") + (channelsLast ? ", channels last" : "")
                + (autocast ? ", autocast" : "") + ", " + optimizer.title();
    }

    Agreement agreement() {
        return autocast ? Agreement.BFLOAT16 : Agreement.FLOAT32;
    }
}
