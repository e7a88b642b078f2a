package org.likelihood4j.engine.cpu;

import org.nd4j.linalg.api.ndarray.INDArray;

/** One pass over flat float32 vectors: clipping, the optimiser's update, weight decay and moving average, a tile at a time. */
public final class FlatUpdate {
    private static final int TILE = 2048;

    private final TileMath math;
    private final int length;
    private final Memory parameters;
    private final Memory gradient;
    private final Memory[] moments;
    private final Memory average;
    private final float[] p = new float[TILE];
    private final float[] g = new float[TILE];
    private final float[][] m;
    private final float[] e = new float[TILE];

    /** What one optimiser does to one tile, whose parameters, moments and gradient are given. */
    @FunctionalInterface
    public interface Rule {
        /** {@code keep} is what weight decay leaves of the parameters. */
        void apply(TileMath math, float[] p, float[][] moments, float[] g, int n, float keep);
    }

    /** Elements that weight decay takes in or leaves out. */
    public record Range(int from, int to, boolean decays) {}

    /** Over vectors of the same length; the average may be null. */
    public FlatUpdate(TileMath math, INDArray parameters, INDArray gradient, INDArray[] moments, INDArray average) {
        this.math = math;
        this.length = Math.toIntExact(parameters.length());
        this.parameters = Memory.of(parameters, 0);
        this.gradient = Memory.of(gradient, 0);
        this.moments = new Memory[moments.length];
        for (int i = 0; i < moments.length; i++) {
            this.moments[i] = Memory.of(moments[i], 0);
        }
        this.average = average == null ? null : Memory.of(average, 0);
        this.m = new float[moments.length][TILE];
    }

    /** The gradient's 2-norm; in float64 where float32's squares overflow, so that only a truly bad gradient looks bad. */
    public double norm() {
        double squares = 0;
        for (int from = 0; from < length; from += TILE) {
            int n = Math.min(TILE, length - from);
            gradient.read(from, g, 0, n);
            squares += math.squares(g, n);
        }
        if (Double.isInfinite(squares)) {
            squares = 0;
            for (int i = 0; i < length; i++) {
                double value = gradient.read(i);
                squares += value * value;
            }
        }
        return Math.sqrt(squares);
    }

    /** Updates the parameters; {@code averageDecay} is used where there is an average. */
    public void apply(Rule rule, Iterable<Range> ranges, float keep, float averageDecay) {
        for (Range range : ranges) {
            for (int from = range.from(); from < range.to(); from += TILE) {
                tile(rule, from, Math.min(TILE, range.to() - from), range.decays() ? keep : 1, averageDecay);
            }
        }
    }

    private void tile(Rule rule, int from, int n, float keep, float averageDecay) {
        parameters.read(from, p, 0, n);
        gradient.read(from, g, 0, n);
        for (int i = 0; i < moments.length; i++) {
            moments[i].read(from, m[i], 0, n);
        }
        rule.apply(math, p, m, g, n, keep);
        for (int i = 0; i < moments.length; i++) {
            moments[i].write(m[i], 0, from, n);
        }
        parameters.write(p, 0, from, n);
        if (average != null) {
            average.read(from, e, 0, n);
            math.average(e, p, n, averageDecay);
            average.write(e, 0, from, n);
        }
    }
}
