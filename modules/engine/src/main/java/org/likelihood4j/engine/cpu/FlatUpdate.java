package org.likelihood4j.engine.cpu;

import java.util.List;
import java.util.function.Supplier;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.arithmetic.UpdateMath;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One pass over flat float32 vectors: clipping, the optimiser's update, weight decay and moving average, a piece at a time. */
final class FlatUpdate {
    /** Elements whose squares are added up in float32. */
    private static final int PIECE = 8192;

    /** Elements of an update that are taken together: each new piece of four or five streams finds nothing prefetched. */
    private static final int STRETCH = 1 << 17;

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

    /** What one optimiser does to one piece. */
    @FunctionalInterface
    interface Rule {
        /** {@code keep} is what weight decay leaves of the parameters; the average may be null. */
        void apply(UpdateMath math, Memory p, Memory[] moments, Memory g, Memory average, int from, int n, float keep);
    }

    /** Elements that weight decay takes in or leaves out. */
    record Range(int from, int to, boolean decays) {}

    /** Over vectors of the same length; the average may be null. The team stays the caller's. */
    FlatUpdate(
            Team team,
            Supplier<UpdateMath> maths,
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

    private void squares(int part) {
        parts[part].squares();
    }

    private void update(int part) {
        parts[part].update();
    }

    /** The gradient's 2-norm; in float64 where float32's squares overflow, so that only a truly bad gradient looks bad. */
    double norm() {
        team.run(norms, parts.length);
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
     * @param ranges in order; what is between them stays as it is
     * @param keep what weight decay leaves of the parameters that decay
     */
    void apply(Rule rule, List<Range> ranges, float keep) {
        this.rule = rule;
        this.ranges = ranges;
        this.keep = keep;
        team.run(updates, parts.length);
    }

    /** Some of the elements. */
    private final class Part {
        private final int first;
        private final int end;
        private final UpdateMath math;
        private double squares;

        Part(int number, UpdateMath math) {
            this.first = (int) ((long) length * number / parts.length);
            this.end = (int) ((long) length * (number + 1) / parts.length);
            this.math = math;
        }

        /** Piece by piece, whose float32 sums are added up in float64. */
        void squares() {
            squares = 0;
            for (int from = first; from < end; from += PIECE) {
                squares += math.squares(gradient, from, Math.min(PIECE, end - from));
            }
        }

        /**
         * From the last stretch to the first: the norm has just read the last ones of the gradient, and the next step needs the
         * first parameters first, so that a part of either is still in the caches.
         */
        void update() {
            for (int i = ranges.size() - 1; i >= 0; i--) {
                Range range = ranges.get(i);
                int from = Math.max(range.from(), first);
                float kept = range.decays() ? keep : 1;
                for (int last = Math.min(range.to(), end); last > from; last -= STRETCH) {
                    int n = Math.min(STRETCH, last - from);
                    rule.apply(math, parameters, moments, gradient, average, last - n, n, kept);
                }
            }
        }
    }
}
