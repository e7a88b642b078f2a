package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.densities.LogDensity;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The loss of a flow that is fitted to a density p in the place of data: a variational posterior q (Rezende and Mohamed 2015), which learns from its own draws.
 *
 * <pre>
 * z ~ N(0, I),   x = the inverse of all stages at z,   log q(x) = log N(z; 0, I) - sum of the log-determinants of the inverses
 * loss = -ELBO = -E over x ~ q of [log p(x) - log q(x)] = KL(q || p) - log of the integral of p
 * </pre>
 */
record ReverseKl(LogDensity target) {
    private static final String BOUND = "elbo";
    private static final String TARGET = "target_log_density";
    private static final String ENTROPY = "entropy";

    /**
     * The loss and its terms {@code [N]}, nats.
     *
     * @param z draws of the base
     * @param stages from data to latents
     */
    Outputs loss(GraphBuilder g, StandardNormal base, SDVariable z, List<FlowData.Stage> stages) {
        SDVariable x = z;
        SDVariable entropy = base.logProb(z).neg();
        for (int i = stages.size() - 1; i >= 0; i--) {
            Bijector.Result result = stages.get(i).bijector().inverse(g, x);
            x = result.value();
            entropy = entropy.add(result.logDet());
        }
        SDVariable logTarget = target.of(g, x);
        SDVariable bound = logTarget.add(entropy);
        return new Outputs()
                .scalar("loss", bound.mean().neg())
                .perExample(BOUND, bound)
                .perExample(TARGET, logTarget)
                .perExample(ENTROPY, entropy);
    }

    List<Metric> metrics() {
        return List.of(
                new Metric(BOUND, "nats", true, "E_q[log p(x) - log q(x)] = log integral of p - KL(q || p)"),
                new Metric(TARGET, "nats", true, "log p(x) of the flow's own draws, p the density it is fitted to"),
                new Metric(ENTROPY, "nats", true, "-log q(x) of the same draws"));
    }

    /**
     * What a step needs.
     *
     * @param forward of the flow's forward pass
     * @param passes of these that the inverse takes
     */
    Footprint footprint(Footprint forward, int passes) {
        return forward.repeated(passes).and(target.footprint());
    }
}
