package org.likelihood4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.ModelConfig.Architecture;
import org.likelihood4j.config.ModelConfig.Mixing;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;

/** The rules of a flow's keys that depend on its architecture, and on its family. */
final class FlowKeys {
    /** The log of the largest latent whose squares, in sum, stay within float32. */
    private static final double LARGEST_LOG_LATENT = 40;

    private static final double USUAL_BOUND = 2;
    private static final String FLAT = "flat";
    private static final String MULTISCALE = "multiscale";
    private static final String AUTOREGRESSIVE = "autoregressive";

    private FlowKeys() {}

    /** In a flow of another architecture than multiscale a key of a multi-scale one must be left out. */
    static void refuseMultiscale(Architecture architecture, String key, Object value) {
        refuse(key, value, architecture.toString(), MULTISCALE);
    }

    /** In a multi-scale flow a key of the others must be left out. */
    static void refuseInMultiscale(String key, Object value) {
        refuse(key, value, MULTISCALE, FLAT);
    }

    private static void refuse(String key, Object value, String architecture, String other) {
        Check.require(
                value == null,
                key,
                "has no meaning with architecture " + architecture + "; leave it out, or choose architecture: " + other,
                value);
    }

    /** Another flow than a multi-scale one has networks of dense layers only, and each type its own keys. */
    static void refuseConvolutions(Architecture architecture, ConditionerConfig conditioner) {
        if (conditioner.type() == ConditionerConfig.Type.GATED) {
            refuseMultiscale(architecture, "conditioner.type", conditioner.type());
        }
        refuseMultiscale(architecture, "conditioner.channels", conditioner.channels());
        if (conditioner.type() == ConditionerConfig.Type.RESIDUAL) {
            refuseOfType("conditioner.hidden", conditioner.hidden(), "residual", "dense");
        } else {
            refuseOfType("conditioner.width", conditioner.width(), "dense", "residual");
            refuseOfType("conditioner.blocks", conditioner.blocks(), "dense", "residual");
        }
    }

    private static void refuseOfType(String key, Object value, String type, String other) {
        Check.require(
                value == null,
                key,
                "has no meaning with type " + type + "; leave it out, or choose type: " + other,
                value);
    }

    /** A multi-scale flow has networks of convolutions only. */
    static void refuseDense(ConditionerConfig conditioner) {
        if (conditioner.type() == ConditionerConfig.Type.DENSE) {
            refuseInMultiscale("conditioner.type", conditioner.type());
        }
        refuseInMultiscale("conditioner.hidden", conditioner.hidden());
        refuseInMultiscale("conditioner.width", conditioner.width());
        refuseInMultiscale("conditioner.dropout", conditioner.dropout());
        refuseInMultiscale("conditioner.activation", conditioner.activation());
    }

    /** An autoregressive flow has no halves. */
    static void refuseHalves(Object mask, Family family) {
        refuse("mask", mask, AUTOREGRESSIVE, FLAT);
        Check.require(
                family != Family.DERIVED,
                "family",
                "has no meaning with architecture autoregressive, whose steps have no other half; choose affine, additive or"
                        + " spline",
                family);
    }

    /** Of images, where the architecture is not said. */
    static void refuseUndecided(String key, Object value) {
        if (value != null) {
            throw new ConfigException(
                    key,
                    "belongs to a flat flow, but of images a realnvp is multi-scale unless it says otherwise;"
                            + " add architecture: flat beside type: realnvp, or leave this key out");
        }
    }

    /** The scales with their networks' channels. */
    static List<ScaleConfig> scales(List<ScaleConfig> given, int channels) {
        List<ScaleConfig> scales = Check.or(
                given, List.of(new ScaleConfig(0, 4, null), new ScaleConfig(4, 0, null), new ScaleConfig(4, 0, null)));
        Check.require(
                scales.stream().anyMatch(scale -> scale.couplings() > 0),
                "scales",
                "must have a coupling, such as {checkerboard: 4} at the first scale",
                "none");
        List<ScaleConfig> filled = new ArrayList<>();
        long next = channels;
        for (ScaleConfig scale : scales) {
            Check.require(
                    scale.channels() != null || next <= ConditionerConfig.MAX_CHANNELS,
                    "conditioner.channels",
                    "doubles at each scale, and must be at most " + ConditionerConfig.MAX_CHANNELS
                            + " at each; give the scales channels of their own",
                    channels);
            int own = scale.channels() == null ? (int) next : scale.channels();
            filled.add(scale.withChannels(own));
            next = 2L * own;
        }
        return List.copyOf(filled);
    }

    /** The bound of a flat flow; {@code null} where nothing scales. */
    static Double flatBound(Family family, Mixing mixing, Double given, int couplings, double alpha, double floor) {
        if (!family.scales() && mixing != Mixing.LU) {
            return FamilyKeys.unscaled(family, given);
        }
        if (family.scales() && mixing == Mixing.LU) {
            return sharedBound(given, 2 * couplings, alpha, floor);
        }
        return Check.logScaleBound(
                given, "couplings", couplings, largestTotal(alpha, floor), " with this alpha and standardizationFloor");
    }

    /**
     * The bound of a multi-scale flow; {@code null} where nothing scales.
     *
     * @param bounds how many log-scales may add up
     */
    static Double multiscaleBound(Family family, Double given, int bounds, double alpha, double floor) {
        if (bounds == 0) {
            return FamilyKeys.unscaled(family, given);
        }
        return sharedBound(given, bounds, alpha, floor);
    }

    private static double sharedBound(Double given, int bounds, double alpha, double floor) {
        double largest = largestTotal(alpha, floor);
        // In full hundredths, and so that the product is not above by rounding.
        double fitting = Math.floor(100 * largest / bounds) / 100;
        double bound = Check.or(given, Math.min(USUAL_BOUND, fitting));
        Check.require(
                bound > 0 && bounds * bound <= largest,
                "logScaleBound",
                String.format(
                        Locale.ROOT,
                        "the bounds of the flow's %d log-scales must be at most %.3g together with this alpha and"
                                + " standardizationFloor, or the squares of the latents could leave float32",
                        bounds,
                        largest),
                bounds + " * " + bound + " = " + bounds * bound);
        return bound;
    }

    private static double largestTotal(double alpha, double floor) {
        return LARGEST_LOG_LATENT - Math.log(-2 * Math.log(alpha) / floor);
    }
}
