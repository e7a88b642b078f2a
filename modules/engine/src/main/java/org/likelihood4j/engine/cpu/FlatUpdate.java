package org.likelihood4j.engine.cpu;

import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One pass over flat float32 vectors: clipping, the optimiser's update, weight decay and moving average, a tile at a time. */
public final class FlatUpdate {
    private static final int TILE = 1024;

    private final Team team;
    private final int length;
    private final Memory parameters;
    private final Memory gradient;
    private final Memory[] moments;
    private final Memory average;
    private final Part[] parts;
    private final Team.Task norms = this::squares;
    private final Team.Task updates = this::update;
    private Rule rule;
    private List<Range> ranges;
    private float keep;
    private double averageDecay;

    /** What one optimiser does to one tile, whose parameters, moments and gradient are given. */
    @FunctionalInterface
    public interface Rule {
        /** {@code keep} is what weight decay leaves of the parameters. */
        void apply(TileMath math, float[] p, float[][] moments, float[] g, int n, float keep);
    }

    /** Elements that weight decay takes in or leaves out. */
    public record Range(int from, int to, boolean decays) {}

    /** Over vectors of the same length; the average may be null. The team stays the caller's. */
    public FlatUpdate(
            Team team,
            Supplier<TileMath> maths,
            INDArray parameters,
            INDArray gradient,
            INDArray[] moments,
            INDArray average) {
        this.team = team;
        this.length = Math.toIntExact(parameters.length());
        this.parameters = Memory.of(parameters, 0);
        this.gradient = Memory.of(gradient, 0);
        this.moments = new Memory[moments.length];
        for (int i = 0; i < moments.length; i++) {
            this.moments[i] = Memory.of(moments[i], 0);
        }
        this.average = average == null ? null : Memory.of(average, 0);
        this.parts = new Part[team.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part(i, maths.get());
        }
    }

    private void squares(int member) {
        parts[member].squares();
    }

    private void update(int member) {
        parts[member].update();
    }

    /** The gradient's 2-norm; in float64 where float32's squares overflow, so that only a truly bad gradient looks bad. */
    public double norm() {
        team.run(norms);
        double squares = 0;
        for (Part part : parts) {
            squares += part.squares;
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

    /**
     * Updates the parameters.
     *
     * @param ranges that make up the whole vector, in order
     * @param keep what weight decay leaves of the parameters that decay
     * @param averageDecay used where there is an average
     */
    public void apply(Rule rule, List<Range> ranges, float keep, double averageDecay) {
        this.rule = rule;
        this.ranges = ranges;
        this.keep = keep;
        this.averageDecay = averageDecay;
        team.run(updates);
    }

    /** Some of the elements, with tiles of its own. */
    private final class Part {
        private final int first;
        private final int end;
        private final TileMath math;
        private final float[] p = new float[TILE + TileMath.SKEW];
        private final float[] g = new float[TILE + TileMath.SKEW];
        private final float[][] m = new float[moments.length][TILE + TileMath.SKEW];
        private final float[] e = new float[TILE + TileMath.SKEW];
        private double squares;

        Part(int number, TileMath math) {
            this.first = (int) ((long) length * number / parts.length);
            this.end = (int) ((long) length * (number + 1) / parts.length);
            this.math = math;
        }

        void squares() {
            squares = 0;
            for (int from = first; from < end; from += TILE) {
                int n = Math.min(TILE, end - from);
                gradient.read(from, g, 0, n);
                squares += math.squares(g, n);
            }
        }

        void update() {
            for (int i = 0; i < ranges.size(); i++) {
                Range range = ranges.get(i);
                int last = Math.min(range.to(), end);
                for (int from = Math.max(range.from(), first); from < last; from += TILE) {
                    tile(from, Math.min(TILE, last - from), range.decays() ? keep : 1);
                }
            }
        }

        private void tile(int from, int n, float kept) {
            parameters.read(from, p, 0, n);
            gradient.read(from, g, 0, n);
            for (int i = 0; i < moments.length; i++) {
                moments[i].read(from, m[i], 0, n);
            }
            rule.apply(math, p, m, g, n, kept);
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
}
