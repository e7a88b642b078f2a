package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.cpu.CpuDevice;
import org.likelihood4j.engine.cpu.arithmetic.Arithmetic;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every update rule against the published formulas in plain Java. A new rule is one line in {@link #rules}. */
@ParameterizedClass
@MethodSource("setups")
class OptimizerContractTest {
    record Setup(String name, Engine engine) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Setup> setups() {
        return List.of(
                new Setup("reference", Engines.reference()),
                new Setup("compiled", Engines.best()),
                new Setup("compiled, plain arithmetic", new CompiledEngine(new CpuDevice(Arithmetic.plain()))));
    }

    @Parameter
    private Setup setup;

    private static final double CLIP = 3;
    private static final double EMA = 0.8;

    private record Case(String name, UpdateRule rule) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> rules() {
        List<Case> cases = new ArrayList<>();
        for (Optimizer optimizer : List.of(
                Optimizer.Adam.standard(),
                // An epsilon that matters, so that where it stands matters.
                new Optimizer.Adam(0.8, 0.95, 0.1, 0),
                new Optimizer.Adam(0.9, 0.99, 1e-8, 0.3),
                new Optimizer.Momentum(0, 0),
                new Optimizer.Momentum(0.9, 0),
                new Optimizer.Momentum(0.5, 0.3))) {
            cases.add(new Case(optimizer.toString(), UpdateRule.of(optimizer)));
            cases.add(new Case(
                    optimizer + ", clipped, averaged",
                    new UpdateRule(optimizer, OptionalDouble.of(CLIP), OptionalDouble.of(EMA))));
        }
        return cases.stream();
    }

    /** The formulas as published, element by element. */
    private static final class Published {
        final UpdateRule rule;
        final double[] p;
        final double[] m;
        final double[] v;
        final double[] ema;
        int t;
        int clipped;

        Published(UpdateRule rule, double[] p) {
            this.rule = rule;
            this.p = p;
            this.m = new double[p.length];
            this.v = new double[p.length];
            this.ema = p.clone();
        }

        void step(double[] g, double lr) {
            t++;
            double norm = 0;
            for (double value : g) {
                norm += value * value;
            }
            norm = Math.sqrt(norm);
            double scale = 1;
            if (rule.clipNorm().isPresent() && norm > rule.clipNorm().getAsDouble()) {
                scale = rule.clipNorm().getAsDouble() / norm;
                clipped++;
            }
            for (int i = 0; i < p.length; i++) {
                boolean decays = i < Graphs.IN * Graphs.OUT;
                if (decays) {
                    p[i] -= lr * rule.optimizer().weightDecay() * p[i];
                }
                double gi = g[i] * scale;
                if (rule.optimizer() instanceof Optimizer.Adam adam) {
                    m[i] = adam.beta1() * m[i] + (1 - adam.beta1()) * gi;
                    v[i] = adam.beta2() * v[i] + (1 - adam.beta2()) * gi * gi;
                    double mhat = m[i] / (1 - Math.pow(adam.beta1(), t));
                    double vhat = v[i] / (1 - Math.pow(adam.beta2(), t));
                    p[i] -= lr * mhat / (Math.sqrt(vhat) + adam.epsilon());
                } else if (rule.optimizer() instanceof Optimizer.Momentum momentum) {
                    v[i] = momentum.momentum() * v[i] + gi;
                    p[i] -= lr * v[i];
                }
                double d = Math.min(EMA, t / (t + 9.0));
                ema[i] = d * ema[i] + (1 - d) * p[i];
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void fiftyStepsAreThePublishedOnesInFloat64(Case c) {
        compare(c.rule(), DataType.DOUBLE, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void fiftyStepsAreThePublishedOnesInFloat32(Case c) {
        compare(c.rule(), DataType.FLOAT, 1e-3);
    }

    private void compare(UpdateRule rule, DataType type, double tolerance) {
        FlatVector parameters = Graphs.parameters(type, 1);
        Published published =
                new Published(rule, parameters.flat().castTo(DataType.DOUBLE).toDoubleVector());
        try (TrainingProgram program = setup.engine().compileTraining(Graphs.regression(type), parameters, rule)) {
            for (int step = 0; step < 50; step++) {
                List<INDArray> batch = Graphs.batch(type, step);
                double lr = step == 20 ? 0 : 0.05 / (1 + 0.1 * step);
                double loss = Graphs.loss(published.p, batch);
                double[] metric = Graphs.metric(published.p, batch);
                double[] gradient = Graphs.gradient(published.p, batch);
                StepResult result = program.step(lr, batch);
                assertThat(result.finite()).isTrue();
                assertThat(result.loss()).isCloseTo(loss, within(tolerance * (1 + loss)));
                assertThat(result.metrics()).hasSize(1);
                assertThat(result.metrics().get(0)).containsExactly(metric, within(tolerance * 10));
                assertClose(program.gradient().flat(), gradient, tolerance);
                published.step(gradient, lr);
                assertClose(parameters.flat(), published.p, tolerance);
            }
            OptimizerState state = program.state();
            assertThat(state.steps()).isEqualTo(50);
            Map<String, FlatVector> moments = state.moments();
            if (rule.optimizer() instanceof Optimizer.Adam) {
                assertThat(moments).containsOnlyKeys("adam/m", "adam/v");
                assertClose(moments.get("adam/m").flat(), published.m, tolerance);
                assertClose(moments.get("adam/v").flat(), published.v, tolerance);
            } else {
                assertThat(moments).containsOnlyKeys("momentum/v");
                assertClose(moments.get("momentum/v").flat(), published.v, tolerance);
            }
            assertThat(state.ema().isPresent()).isEqualTo(rule.emaDecay().isPresent());
            state.ema().ifPresent(ema -> assertClose(ema.flat(), published.ema, tolerance));
        }
        if (rule.clipNorm().isPresent()) {
            assertThat(published.clipped)
                    .as("some steps were clipped, some not")
                    .isBetween(3, 47);
        }
    }

    private static void assertClose(INDArray actual, double[] expected, double tolerance) {
        double[] values = actual.castTo(DataType.DOUBLE).toDoubleVector();
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(values[i]).isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aLearningRateOfZeroChangesNothing(Case c) {
        FlatVector parameters = Graphs.parameters(DataType.FLOAT, 1);
        INDArray before = parameters.flat().dup();
        try (TrainingProgram program =
                setup.engine().compileTraining(Graphs.regression(DataType.FLOAT), parameters, c.rule())) {
            program.step(0, Graphs.batch(DataType.FLOAT, 1));
            assertThat(parameters.flat().toFloatVector()).containsExactly(before.toFloatVector());
        }
    }

    /** A run that is stopped, saved and restored goes on as if it had not been. */
    @ParameterizedTest
    @MethodSource("rules")
    void restoredStateContinuesExactly(Case c) {
        FlatVector straight = Graphs.parameters(DataType.DOUBLE, 1);
        FlatVector first = Graphs.parameters(DataType.DOUBLE, 1);
        FlatVector second;
        try (TrainingProgram whole =
                        setup.engine().compileTraining(Graphs.regression(DataType.DOUBLE), straight, c.rule());
                TrainingProgram half =
                        setup.engine().compileTraining(Graphs.regression(DataType.DOUBLE), first, c.rule())) {
            for (int step = 0; step < 6; step++) {
                whole.step(0.05, Graphs.batch(DataType.DOUBLE, step));
                if (step < 3) {
                    half.step(0.05, Graphs.batch(DataType.DOUBLE, step));
                }
            }
            second = first.copy();
            try (TrainingProgram rest =
                    setup.engine().compileTraining(Graphs.regression(DataType.DOUBLE), second, c.rule())) {
                rest.state().restoreSteps(half.state().steps());
                half.state()
                        .moments()
                        .forEach((name, moment) ->
                                rest.state().moments().get(name).flat().assign(moment.flat()));
                half.state()
                        .ema()
                        .ifPresent(
                                ema -> rest.state().ema().orElseThrow().flat().assign(ema.flat()));
                for (int step = 3; step < 6; step++) {
                    rest.step(0.05, Graphs.batch(DataType.DOUBLE, step));
                }
                assertThat(second.flat().toDoubleVector())
                        .containsExactly(straight.flat().toDoubleVector());
                assertThat(rest.state().steps()).isEqualTo(6);
                if (c.rule().emaDecay().isPresent()) {
                    assertThat(rest.state().ema().orElseThrow().flat().toDoubleVector())
                            .containsExactly(
                                    whole.state().ema().orElseThrow().flat().toDoubleVector());
                }
            }
        }
    }
}
