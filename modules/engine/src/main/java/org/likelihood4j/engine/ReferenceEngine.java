package org.likelihood4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs graphs through one reused SameDiff inference session each, and updates with ND4J's own operations. */
final class ReferenceEngine implements Engine {
    @Override
    public Program compile(Computation computation, FlatVector... vectors) {
        prepare(computation.graph());
        bind(computation.graph(), vectors);
        return new ReferenceProgram(computation, new ReferenceSession(computation.graph()));
    }

    @Override
    public TrainingProgram compileTraining(
            Computation computation, FlatVector parameters, UpdateRule rule, FlatVector... constants) {
        SameDiff graph = computation.graph();
        prepare(graph);
        bind(graph, parameters);
        bind(graph, constants);
        List<String> wanted = parameters.slots().stream().map(Slot::name).toList();
        Computation withGradient = differentiate(computation, wanted);
        bind(withGradient.graph(), parameters);
        bind(withGradient.graph(), constants);
        return new ReferenceTraining(
                new ReferenceProgram(withGradient, new ReferenceSession(withGradient.graph())),
                computation.outputs().size(),
                parameters,
                rule);
    }

    @Override
    public Program compileGradient(Computation computation, FlatVector... vectors) {
        List<String> outputs = computation.outputs();
        prepare(computation.graph());
        bind(computation.graph(), vectors);
        Computation withGradient = differentiate(computation, outputs.subList(1, outputs.size()));
        bind(withGradient.graph(), vectors);
        return new ReferenceProgram(withGradient, new ReferenceSession(withGradient.graph()));
    }

    /** The gradient graph: the computation's outputs, then the gradients of the first one. */
    private static Computation differentiate(Computation computation, List<String> withRespectTo) {
        SameDiff graph = computation.graph();
        String loss = computation.outputs().get(0);
        graph.setLossVariables(loss);
        graph.createGradFunction();
        List<String> outputs = new ArrayList<>(computation.outputs());
        for (String name : withRespectTo) {
            SDVariable gradient = graph.hasVariable(name) ? graph.grad(name) : null;
            if (gradient == null) {
                throw new IllegalArgumentException(
                        name + " does not reach the loss " + loss + ", so it has no gradient");
            }
            outputs.add(gradient.name());
        }
        return new Computation(graph.getFunction("grad"), computation.inputs(), outputs);
    }

    private static void prepare(SameDiff graph) {
        // Without this each variable lives in a per-device copy, and views of a flat vector would not stay views. The
        // arrays that the graph already holds are its literal constants, which move over.
        SingleThreadArrayHolder variables = new SingleThreadArrayHolder();
        SingleThreadArrayHolder constants = new SingleThreadArrayHolder();
        graph.setArrayHolders(variables, constants, true);
    }

    private static void bind(SameDiff graph, FlatVector... vectors) {
        for (FlatVector vector : vectors) {
            vector.views().forEach((name, view) -> {
                if (graph.hasVariable(name)) {
                    SDVariable variable = graph.getVariable(name);
                    VariableType kind = variable.getVariableType();
                    if (kind != VariableType.VARIABLE && kind != VariableType.CONSTANT) {
                        throw new IllegalArgumentException("cannot bind " + name + ": it is a " + kind);
                    }
                    requireFit(variable, view);
                    graph.associateArrayWithVariable(view, variable);
                }
            });
        }
    }

    /** SameDiff would cast an array of another type, so that it is no view any more, and accept one of another shape. */
    private static void requireFit(SDVariable variable, INDArray view) {
        long[] shape = variable.getShape();
        if (variable.dataType() != view.dataType() || (shape != null && !Arrays.equals(shape, view.shape()))) {
            throw new IllegalArgumentException("cannot bind " + variable.name() + ": the graph has "
                    + variable.dataType() + " " + Arrays.toString(shape) + ", the vector " + view.dataType() + " "
                    + Arrays.toString(view.shape()));
        }
    }

    private static final class ReferenceProgram implements Program {
        private final Computation computation;
        private final ReferenceSession session;
        /** The arrays of the graph's variables and constants, by identity. */
        private final Set<INDArray> bound = Collections.newSetFromMap(new IdentityHashMap<>());

        ReferenceProgram(Computation computation, ReferenceSession session) {
            this.computation = computation;
            this.session = session;
            for (SDVariable variable : computation.graph().variables()) {
                VariableType kind = variable.getVariableType();
                if (kind == VariableType.VARIABLE || kind == VariableType.CONSTANT) {
                    bound.add(variable.getArr());
                }
            }
        }

        @Override
        public List<INDArray> run(List<INDArray> inputs) {
            List<Input> declared = computation.inputs();
            if (inputs.size() != declared.size()) {
                throw new IllegalArgumentException(
                        "expected " + declared.size() + " inputs " + declared + ", was given " + inputs.size());
            }
            Map<String, INDArray> placeholders = new LinkedHashMap<>();
            for (int i = 0; i < declared.size(); i++) {
                declared.get(i).check(inputs.get(i));
                placeholders.put(declared.get(i).name(), inputs.get(i));
            }
            List<INDArray> outputs = session.run(computation.outputs(), placeholders);
            // An output can be an input, a bound vector's view or another output itself, which are not the caller's.
            Set<INDArray> taken = Collections.newSetFromMap(new IdentityHashMap<>());
            taken.addAll(bound);
            taken.addAll(inputs);
            outputs.replaceAll(output -> taken.add(output) ? output : output.dup());
            return outputs;
        }

        void recycle(INDArray output) {
            session.recycle(output);
        }

        @Override
        public void close() {
            session.getMmgr().close();
        }
    }

    private static final class ReferenceTraining implements TrainingProgram {
        private final ReferenceProgram program;
        private final int declaredOutputs;
        private final FlatVector parameters;
        private final FlatVector gradient;
        private final Updater updater;

        ReferenceTraining(ReferenceProgram program, int declaredOutputs, FlatVector parameters, UpdateRule rule) {
            this.program = program;
            this.declaredOutputs = declaredOutputs;
            this.parameters = parameters;
            this.gradient = parameters.like();
            this.updater = new Updater(rule, parameters);
        }

        @Override
        public StepResult evaluate(List<INDArray> inputs) {
            List<INDArray> outputs = program.run(inputs);
            double loss = outputs.get(0).getDouble(0);
            List<double[]> metrics = new ArrayList<>();
            for (int i = 1; i < declaredOutputs; i++) {
                metrics.add(outputs.get(i).toDoubleVector());
            }
            List<Slot> slots = parameters.slots();
            for (int i = 0; i < slots.size(); i++) {
                gradient.view(slots.get(i).name()).assign(outputs.get(declaredOutputs + i));
            }
            outputs.forEach(program::recycle);
            return new StepResult(loss, norm(), metrics);
        }

        /** In float64 where float32's sum of squares would overflow, so that only a truly bad gradient looks bad. */
        private double norm() {
            double norm = gradient.flat().norm2Number().doubleValue();
            if (Double.isInfinite(norm)) {
                double largest = gradient.flat().amaxNumber().doubleValue();
                try (INDArray scaled = gradient.flat().div(largest)) {
                    norm = Double.isInfinite(largest)
                            ? norm
                            : largest * scaled.norm2Number().doubleValue();
                }
            }
            return norm;
        }

        @Override
        public StepResult step(double learningRate, List<INDArray> inputs) {
            StepResult result = evaluate(inputs);
            if (result.finite()) {
                updater.apply(gradient.flat(), result.gradientNorm(), learningRate);
            }
            return result;
        }

        @Override
        public FlatVector gradient() {
            return gradient;
        }

        @Override
        public FlatVector parameters() {
            return parameters;
        }

        @Override
        public OptimizerState state() {
            return updater.state();
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
