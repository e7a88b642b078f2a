package org.likelihood4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;

/** The rules of a flow's keys that depend on its architecture. */
final class FlowKeys {
    /** The log of the largest latent whose squares, in sum, stay within float32. */
    private static final double LARGEST_LOG_LATENT = 40;

    private static final double USUAL_BOUND = 2;
    private static final String FLAT = "flat";
    private static final String MULTISCALE = "multiscale";

    private FlowKeys() {}

    /** In a flat flow a key of the others must be left out. */
    static void refuseInFlat(String key, Object value) {
        refuse(key, value, FLAT, MULTISCALE);
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

    /** A flat flow has dense networks only. */
    static void refuseConvolutions(ConditionerConfig conditioner) {
        if (conditioner.type() != ConditionerConfig.Type.DENSE) {
            refuseInFlat("conditioner.type", conditioner.type());
        }
        refuseInFlat("conditioner.channels", conditioner.channels());
        refuseInFlat("conditioner.blocks", conditioner.blocks());
    }

    /** A multi-scale flow has networks of convolutions only. */
    static void refuseDense(ConditionerConfig conditioner) {
        if (conditioner.type() == ConditionerConfig.Type.DENSE) {
            refuseInMultiscale("conditioner.type", conditioner.type());
        }
        refuseInMultiscale("conditioner.hidden", conditioner.hidden());
        refuseInMultiscale("conditioner.activation", conditioner.activation());
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
    static Double flatBound(boolean scales, Double given, int couplings, double alpha, double floor) {
        if (!scales) {
            return unscaled(given);
        }
        return Check.logScaleBound(
                given, "couplings", couplings, largestTotal(alpha, floor), " with this alpha and standardizationFloor");
    }

    /**
     * The bound of a multi-scale flow; {@code null} where nothing scales.
     *
     * @param bounds how many log-scales may add up
     */
    static Double multiscaleBound(Double given, int bounds, double alpha, double floor) {
        if (bounds == 0) {
            return unscaled(given);
        }
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

    private static Double unscaled(Double given) {
        Check.require(
                given == null,
                "logScaleBound",
                "has no meaning with family additive, whose couplings do not scale; leave it out",
                given);
        return null;
    }

    private static double largestTotal(double alpha, double floor) {
        return LARGEST_LOG_LATENT - Math.log(-2 * Math.log(alpha) / floor);
    }
}
