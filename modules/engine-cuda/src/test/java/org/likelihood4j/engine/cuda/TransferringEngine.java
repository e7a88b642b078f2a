package org.likelihood4j.engine.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.Program;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs the engine's own tests, whose vectors are the processor's, on another device: with vectors of that device's, to which the values are
 * written before each call, and from which they are read after it.
 */
public final class TransferringEngine implements Engine {
    private final Device device;
    private final CompiledEngine engine;

    public TransferringEngine(Device device) {
        this(device, Narrowing.NONE);
    }

    public TransferringEngine(Device device, Narrowing narrowing) {
        this.device = device;
        this.engine = new CompiledEngine(device, narrowing);
    }

    private FlatVector[] there(FlatVector... here) {
        FlatVector[] there = Arrays.stream(here)
                .map(vector -> FlatVector.zeros(device, vector.slots(), vector.type()))
                .toArray(FlatVector[]::new);
        copy(here, there);
        return there;
    }

    private static void copy(FlatVector[] from, FlatVector[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i].flat().assign(from[i].flat());
        }
    }

    @Override
    public Program compile(Computation computation, FlatVector... vectors) {
        FlatVector[] there = there(vectors);
        return transferring(engine.compile(computation, there), vectors, there);
    }

    @Override
    public Program compileGradient(Computation computation, List<String> withRespectTo, FlatVector... vectors) {
        FlatVector[] there = there(vectors);
        return transferring(engine.compileGradient(computation, withRespectTo, there), vectors, there);
    }

    private static Program transferring(Program program, FlatVector[] here, FlatVector[] there) {
        return new Program() {
            @Override
            public List<INDArray> run(List<INDArray> inputs) {
                copy(here, there);
                return program.run(inputs);
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }

    @Override
    public TrainingProgram compileTraining(
            Computation computation, FlatVector parameters, UpdateRule rule, FlatVector... constants) {
        FlatVector[] there = there(constants);
        FlatVector trained = there(parameters)[0];
        return new Training(
                engine.compileTraining(computation, trained, rule, there), parameters, trained, constants, there);
    }

    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    private record Training(
            TrainingProgram program,
            FlatVector parameters,
            FlatVector trained,
            FlatVector[] constants,
            FlatVector[] there)
            implements TrainingProgram {
        private void bring() {
            trained.flat().assign(parameters.flat());
            copy(constants, there);
        }

        private <T> T brought(T result) {
            parameters.flat().assign(trained.flat());
            return result;
        }

        @Override
        public StepResult evaluate(List<INDArray> inputs) {
            bring();
            return program.evaluate(inputs);
        }

        @Override
        public double update(double learningRate) {
            bring();
            return brought(program.update(learningRate));
        }

        @Override
        public StepResult step(double learningRate, List<INDArray> inputs) {
            bring();
            return brought(program.step(learningRate, inputs));
        }

        @Override
        public Optional<Explanation> explain(List<INDArray> inputs, int runs) {
            bring();
            return brought(program.explain(inputs, runs));
        }

        @Override
        public FlatVector gradient() {
            return program.gradient();
        }

        @Override
        public OptimizerState state() {
            return program.state();
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
