package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.likelihood4j.config.rules.Check;

/** The distribution p(z) of a VAE's latents. All but the normal one are learned, and have no KL in closed form. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = PriorConfig.Normal.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = PriorConfig.Normal.class, name = "normal"),
    @JsonSubTypes.Type(value = PriorConfig.Mixture.class, name = "mixture"),
    @JsonSubTypes.Type(value = PriorConfig.RealNvp.class, name = "realnvp")
})
public sealed interface PriorConfig {
    /** What latents may be scaled by at most, by a posterior's flow and a prior's together, in nats of log-scale. */
    double LARGEST_TOTAL_LOG_SCALE = FamilyKeys.LARGEST_TOTAL_LOG_SCALE;

    /** By how much it may scale a latent at most, in nats of log-scale. */
    default double totalLogScale() {
        return 0;
    }

    /** N(0, I). */
    record Normal() implements PriorConfig {}

    /**
     * A learned mixture of diagonal Gaussians.
     *
     * @param components the number of Gaussians; 2 to 10,000, default 10
     */
    record Mixture(Integer components) implements PriorConfig {
        private static final int MAX_COMPONENTS = 10_000;

        /** Fills in the default and checks it. */
        public Mixture {
            components = Check.within(2, MAX_COMPONENTS, "components", components, 10);
        }
    }

    /**
     * A flow of couplings over the latents, of which there must be at least 2.
     *
     * @param couplings the number of couplings; 1 to 100, default 4
     * @param family what a coupling makes of its two halves; default derived
     * @param bins of family spline the pieces of each map; 2 to 100, default 8
     * @param tailBound of family spline the bound B beyond which numbers stay what they are; positive, default 3
     * @param conditioner the network behind F and G; default one hidden layer of 128
     * @param logScaleBound the bound b of one coupling's log-scales; couplings * b is at most 28; default 2; it has no meaning with family
     *     additive or spline
     */
    record RealNvp(
            Integer couplings,
            Family family,
            Integer bins,
            Double tailBound,
            NetworkConfig conditioner,
            Double logScaleBound)
            implements PriorConfig {
        private static final List<Integer> HIDDEN = List.of(128);

        /** Fills in the defaults and checks them. */
        public RealNvp {
            couplings = Check.couplings(couplings, 4);
            family = Check.or(family, Family.DERIVED);
            bins = FamilyKeys.bins(family, bins);
            tailBound = FamilyKeys.tailBound(family, tailBound);
            conditioner = NetworkConfig.orDefault(conditioner, HIDDEN);
            logScaleBound = FamilyKeys.latentBound(family, logScaleBound, "couplings", couplings);
        }

        @Override
        public double totalLogScale() {
            return FamilyKeys.totalLogScale(couplings, logScaleBound);
        }
    }
}
