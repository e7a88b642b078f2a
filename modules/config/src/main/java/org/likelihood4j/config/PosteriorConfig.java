package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.likelihood4j.config.rules.Check;

/**
 * The distribution q(z|x) of a VAE's latents given an example. That of a flow starts from the Gaussian's draw z0, and its KL is known by
 * draws alone.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = PosteriorConfig.Gaussian.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = PosteriorConfig.Gaussian.class, name = "gaussian"),
    @JsonSubTypes.Type(value = PosteriorConfig.Coupling.class, name = "coupling"),
    @JsonSubTypes.Type(value = PosteriorConfig.Iaf.class, name = "iaf")
})
public sealed interface PosteriorConfig {
    /** By how much its flow may scale a draw at most, in nats of log-scale. */
    default double totalLogScale() {
        return 0;
    }

    /** N(mu(x), diag sigma(x)^2). */
    record Gaussian() implements PosteriorConfig {}

    /**
     * A flow of couplings behind the Gaussian. The latents must be at least 2.
     *
     * @param couplings the number of couplings; 1 to 100, default 4
     * @param family what a coupling makes of its two halves; default derived
     * @param bins of family spline the pieces of each map; 2 to 100, default 8
     * @param tailBound of family spline the bound B beyond which numbers stay what they are; positive, default 3
     * @param conditioner the network behind F and G; default one hidden layer of 128
     * @param logScaleBound the bound b of one coupling's log-scales; couplings * b, and what a prior scales by, are together at most 28;
     *     default 2; it has no meaning with family additive or spline
     * @param context how many numbers of each example the encoder tells the networks beside z; 0 to 65536, default 32
     */
    record Coupling(
            Integer couplings,
            Family family,
            Integer bins,
            Double tailBound,
            NetworkConfig conditioner,
            Double logScaleBound,
            Integer context)
            implements PosteriorConfig {
        /** Fills in the defaults and checks them. */
        public Coupling {
            couplings = Check.couplings(couplings, 4);
            conditioner = network(conditioner);
            family = Check.or(family, Family.DERIVED);
            bins = FamilyKeys.bins(family, bins);
            tailBound = FamilyKeys.tailBound(family, tailBound);
            logScaleBound = FamilyKeys.latentBound(family, logScaleBound, "couplings", couplings);
            context = checkedContext(context);
        }

        @Override
        public double totalLogScale() {
            return FamilyKeys.totalLogScale(couplings, logScaleBound);
        }
    }

    /**
     * An inverse-autoregressive flow behind the Gaussian (Kingma et al. 2016): in each step a masked network makes scale and shift of every
     * latent from those before it, all at once; every other step takes them in turned order. The latents must be at least 2.
     *
     * @param steps the number of steps; 1 to 100, default 4
     * @param family what a step makes of each latent: affine, additive or spline; default affine
     * @param bins of family spline the pieces of each map; 2 to 100, default 8
     * @param tailBound of family spline the bound B beyond which numbers stay what they are; positive, default 3
     * @param conditioner the masked network behind F and G, whose hidden layers should have more units than there are latents; default one
     *     hidden layer of 128
     * @param logScaleBound the bound b of one step's log-scales; steps * b, and what a prior scales by, are together at most 28; default 2; it has no meaning with family additive or spline
     * @param context how many numbers of each example the encoder tells the networks beside z; 0 to 65536, default 32
     */
    record Iaf(
            Integer steps,
            Family family,
            Integer bins,
            Double tailBound,
            NetworkConfig conditioner,
            Double logScaleBound,
            Integer context)
            implements PosteriorConfig {
        /** Fills in the defaults and checks them. */
        public Iaf {
            steps = Check.steps(steps, 4);
            conditioner = network(conditioner);
            family = Check.or(family, Family.AFFINE);
            Check.require(
                    family != Family.DERIVED,
                    "family",
                    "has no meaning in an inverse-autoregressive flow, whose steps have no other half; choose affine,"
                            + " additive or spline",
                    family);
            bins = FamilyKeys.bins(family, bins);
            tailBound = FamilyKeys.tailBound(family, tailBound);
            logScaleBound = FamilyKeys.latentBound(family, logScaleBound, "steps", steps);
            context = checkedContext(context);
        }

        @Override
        public double totalLogScale() {
            return FamilyKeys.totalLogScale(steps, logScaleBound);
        }
    }

    private static NetworkConfig network(NetworkConfig given) {
        return NetworkConfig.orDefault(given, List.of(128));
    }

    private static Integer checkedContext(Integer given) {
        return Check.within(0, 1 << 16, "context", given, 32);
    }
}
