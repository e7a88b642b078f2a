package org.likelihood4j.engine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.cpu.arithmetic.UpdateMath;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Applies an {@link UpdateRule} to float32 vectors in one pass. */
final class FusedUpdater implements Updater {
    private final UpdateRule rule;
    private final OptimizerState state;
    private final FlatUpdate update;
    private final List<FlatUpdate.Range> ranges;
    private double norm;

    FusedUpdater(UpdateRule rule, FlatVector parameters, FlatVector gradient, Team team, Supplier<UpdateMath> maths) {
        this.rule = rule;
        this.state = new OptimizerState(rule, parameters);
        List<String> names =
                rule.optimizer() instanceof Optimizer.Adam ? List.of("adam/m", "adam/v") : List.of("momentum/v");
        INDArray[] moments =
                names.stream().map(name -> state.moment(name).flat()).toArray(INDArray[]::new);
        INDArray average = state.ema().map(FlatVector::flat).orElse(null);
        this.update = new FlatUpdate(team, maths, parameters.flat(), gradient.flat(), moments, average);
        this.ranges = ranges(parameters.slots());
    }

    /** Neighbours that weight decay treats alike are one range, the gaps between them included. */
    private static List<FlatUpdate.Range> ranges(List<Slot> slots) {
        List<FlatUpdate.Range> ranges = new ArrayList<>();
        for (Slot slot : slots) {
            int to = Math.toIntExact(slot.offset() + slot.length());
            FlatUpdate.Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last.decays() == slot.decay()) {
                ranges.set(ranges.size() - 1, new FlatUpdate.Range(last.from(), to, slot.decay()));
            } else {
                ranges.add(new FlatUpdate.Range(Math.toIntExact(slot.offset()), to, slot.decay()));
            }
        }
        return ranges;
    }

    @Override
    public OptimizerState state() {
        return state;
    }

    @Override
    public void measure() {
        norm = update.norm();
    }

    @Override
    public double norm() {
        return norm;
    }

    @Override
    public void apply(double learningRate) {
        state.advance();
        double t = state.steps();
        boolean clips = rule.clipNorm().isPresent() && norm > rule.clipNorm().getAsDouble();
        float scale = clips ? (float) (rule.clipNorm().getAsDouble() / norm) : 1;
        float keep = (float) (1 - learningRate * rule.optimizer().weightDecay());
        double decay = rule.emaDecay().isPresent() ? Math.min(rule.emaDecay().getAsDouble(), t / (t + 9)) : 0;
        update.apply(pieces(scale, learningRate, decay), ranges, keep);
    }

    private FlatUpdate.Rule pieces(float scale, double learningRate, double decay) {
        if (rule.optimizer() instanceof Optimizer.Adam adam) {
            double t = state.steps();
            // lr mhat / (sqrt(vhat) + e), with the corrections of both moments taken out of the pass.
            double second = Math.sqrt(1 - Math.pow(adam.beta2(), t));
            double rate = learningRate * second / (1 - Math.pow(adam.beta1(), t));
            float epsilon = (float) (adam.epsilon() * second);
            UpdateMath.Adam step = new UpdateMath.Adam(scale, adam.beta1(), adam.beta2(), (float) rate, epsilon);
            return (math, p, m, g, e, from, n, keep) -> math.adam(p, m[0], m[1], g, e, from, n, step, keep, decay);
        }
        Optimizer.Momentum momentum = (Optimizer.Momentum) rule.optimizer();
        UpdateMath.Momentum step = new UpdateMath.Momentum(scale, (float) momentum.momentum(), (float) learningRate);
        return (math, p, m, g, e, from, n, keep) -> math.momentum(p, m[0], g, e, from, n, step, keep, decay);
    }
}
