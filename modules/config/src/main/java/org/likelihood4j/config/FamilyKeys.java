package org.likelihood4j.config;

import org.likelihood4j.config.rules.Check;

/** The rules of the keys that belong to what couplings do: of flows of data and of latents. */
final class FamilyKeys {
    /** What latents may be scaled by at most, by a posterior's flow and a prior's together, in nats of log-scale. */
    static final double LARGEST_TOTAL_LOG_SCALE = 28;

    private static final int MOST_BINS = 100;
    private static final int USUAL_BINS = 8;
    private static final double USUAL_TAIL_BOUND = 3;

    private FamilyKeys() {}

    /** The pieces of a spline; {@code null} of another family. */
    static Integer bins(Family family, Integer given) {
        int checked = Check.within(2, MOST_BINS, "bins", given, USUAL_BINS);
        refuseBesideSplines("bins", family, given);
        return family == Family.SPLINE ? checked : null;
    }

    /** Beyond which a spline ends; {@code null} of another family. */
    static Double tailBound(Family family, Double given) {
        double checked = Check.positive("tailBound", given, USUAL_TAIL_BOUND);
        refuseBesideSplines("tailBound", family, given);
        return family == Family.SPLINE ? checked : null;
    }

    private static void refuseBesideSplines(String key, Family family, Object given) {
        Check.require(
                given == null || family == Family.SPLINE,
                key,
                "has no meaning with family " + family + "; leave it out, or choose family: spline",
                given);
    }

    /**
     * The bound of a flow of latents; {@code null} where nothing scales.
     *
     * @param steps how many couplings or steps it has, under this key
     */
    static Double latentBound(Family family, Double given, String key, int steps) {
        return family.scales()
                ? Check.logScaleBound(given, key, steps, LARGEST_TOTAL_LOG_SCALE, "")
                : unscaled(family, given);
    }

    /** By how much so many steps scale at most. */
    static double totalLogScale(int steps, Double bound) {
        return bound == null ? 0 : steps * bound;
    }

    /** Where nothing scales there is no bound: {@code null}. */
    static Double unscaled(Family family, Double given) {
        String because = family == Family.ADDITIVE ? "do not scale" : "leave large numbers as they are";
        Check.require(
                given == null,
                "logScaleBound",
                "has no meaning with family " + family + ", whose couplings " + because + "; leave it out",
                given);
        return null;
    }
}
