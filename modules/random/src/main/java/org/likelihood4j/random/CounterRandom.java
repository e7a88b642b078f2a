package org.likelihood4j.random;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Random numbers without state: number {@code i} of the stream {@code key} is a pure function of the two. So any batch,
 * row or draw can be made alone, in any order and on any machine, with the same bits.
 *
 * <p>Number {@code i} is output {@code i} of SplitMix64 started at {@code key}: a finaliser over {@code key + (i + 1) *
 * gamma}, where gamma is 2^64 divided by the golden ratio. Source: Steele, Lea and Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014; the constants of the finaliser are Stafford's variant 13. Two streams are parts of
 * one long cycle, so keys must be well mixed, or they could overlap: make them with the {@code key} methods, never by
 * adding.
 *
 * <p>Good enough for noise, shuffling and initialisation; not for secrets.
 */
public final class CounterRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;
    private static final long SUB_KEY = 0x6a09e667f3bcc909L; // digits of the square root of 2: any constant will do
    private static final double TO_UNIT_DOUBLE = 0x1.0p-53;
    private static final float TO_UNIT_FLOAT = 0x1.0p-24f;

    private CounterRandom() {}

    /** The stream that a purpose, such as {@code "shuffle"}, has under a seed. */
    public static long key(long seed, String purpose) {
        // FNV-1a, 64 bits (Fowler, Noll, Vo). String.hashCode has 32 bits only and collides on short names.
        long hash = 0xcbf29ce484222325L;
        for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return key(mix(seed + GAMMA), hash);
    }

    /**
     * The sub-stream {@code part} of {@code key}: number {@code part} of a stream that is used for nothing but keys.
     * One-to-one in each argument, and not symmetric: chains over (a, b) and (b, a) give different keys.
     */
    public static long key(long key, long part) {
        return bits(mix(key ^ SUB_KEY), part);
    }

    /** Number {@code i} of the stream: 64 uniformly random bits. */
    public static long bits(long key, long i) {
        return mix(key + (i + 1) * GAMMA);
    }

    /** Number {@code i} as a uniform double in [0, 1): its upper 53 bits. */
    public static double uniform(long key, long i) {
        return (bits(key, i) >>> 11) * TO_UNIT_DOUBLE;
    }

    /**
     * Numbers 0, 1, ... as uniform floats in [0, 1). They are the upper 24 bits, not rounded doubles: a double just
     * below 1 would round up to 1.0f. Each is within 2^-24 below the double version.
     */
    public static void fillUniform(long key, float[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        for (int i = 0; i < length; i++) {
            target[offset + i] = (bits(key, i) >>> 40) * TO_UNIT_FLOAT;
        }
    }

    /** Numbers 0, 1, ... as uniform doubles in [0, 1), 53 bits. */
    public static void fillUniform(long key, double[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        for (int i = 0; i < length; i++) {
            target[offset + i] = uniform(key, i);
        }
    }

    /** Standard normal noise: exactly the double version, each value rounded to float. */
    public static void fillNormal(long key, float[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        for (int i = 0; i < length; i += 2) {
            double radius = radius(key, i);
            double angle = angle(key, i);
            target[offset + i] = (float) (radius * StrictMath.cos(angle));
            if (i + 1 < length) {
                target[offset + i + 1] = (float) (radius * StrictMath.sin(angle));
            }
        }
    }

    /**
     * Standard normal noise by Box and Muller's transform (1958) of numbers (0, 1), (2, 3), ...: a shorter fill is the
     * beginning of a longer one. StrictMath gives the same bits on every machine; nothing is clipped, and the largest
     * magnitude that can occur is sqrt(2 * 53 * ln 2) = 8.57.
     */
    public static void fillNormal(long key, double[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        for (int i = 0; i < length; i += 2) {
            double radius = radius(key, i);
            double angle = angle(key, i);
            target[offset + i] = radius * StrictMath.cos(angle);
            if (i + 1 < length) {
                target[offset + i + 1] = radius * StrictMath.sin(angle);
            }
        }
    }

    /**
     * Number {@code i} as a uniform integer, 0 to {@code bound - 1}, without bias: multiply and reject, after Lemire,
     * "Fast random integer generation in an interval", 2019. Redraws come from a sub-stream of {@code i}'s own.
     */
    public static int below(long key, long i, int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound must be at least 1, but is " + bound);
        }
        long product = (bits(key, i) >>> 32) * bound;
        if ((product & 0xffffffffL) < bound) {
            long reject = (1L << 32) % bound;
            long redraws = key(key, i);
            for (long r = 0; (product & 0xffffffffL) < reject; r++) {
                product = (bits(redraws, r) >>> 32) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    private static double radius(long key, long i) {
        double u = ((bits(key, i) >>> 11) + 1) * TO_UNIT_DOUBLE; // in (0, 1]: its logarithm is finite
        return Math.sqrt(-2 * StrictMath.log(u));
    }

    private static double angle(long key, long i) {
        return 2 * Math.PI * uniform(key, i + 1);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
