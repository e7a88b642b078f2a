package org.likelihood4j.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.graph.GraphBinding;
import org.likelihood4j.engine.graph.GraphReader;
import org.likelihood4j.engine.graph.Recording;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.PlanInterpreter;
import org.likelihood4j.engine.planning.Planner;
import org.likelihood4j.engine.reference.FlatTraining;
import org.likelihood4j.engine.reference.LibraryUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Plans graphs as the compiled engine does, and runs the plans with the {@link PlanInterpreter}: also those of float64 graphs, whose
 * results are then exact. What a plan leaves to the library, ND4J runs.
 */
final class InterpretedEngine implements Engine {
    private final Layout layout;
    private final Narrowing narrowing;
    private final DoubleUnaryOperator rounding;

    InterpretedEngine(Layout layout, Narrowing narrowing, DoubleUnaryOperator rounding) {
        this.layout = layout;
        this.narrowing = narrowing;
        this.rounding = rounding;
    }

    @Override
    public Program compile(Computation computation, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        return new Interpreted(computation, 0, vectors);
    }

    @Override
    public Program compileGradient(Computation computation, List<String> withRespectTo, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        Computation differentiated = GraphBinding.differentiate(computation, withRespectTo);
        GraphBinding.rebind(differentiated.graph(), vectors);
        return new Interpreted(differentiated, 0, vectors);
    }

    @Override
    public TrainingProgram compileTraining(
            Computation computation, FlatVector parameters, UpdateRule rule, FlatVector... constants) {
        FlatVector[] all = GraphBinding.all(parameters, constants);
        GraphBinding.bind(computation.graph(), all);
        List<Slot> slots = parameters.slots();
        Computation differentiated = GraphBinding.differentiate(
                computation, slots.stream().map(Slot::name).toList());
        GraphBinding.rebind(differentiated.graph(), all);
        Interpreted program = new Interpreted(differentiated, slots.size(), all);
        FlatVector gradient = parameters.like();
        int read = computation.outputs().size();
        return new FlatTraining(parameters, gradient, new LibraryUpdater(rule, parameters, gradient)) {
            @Override
            public StepResult evaluate(List<INDArray> inputs) {
                List<double[]> values = program.values(inputs);
                for (int i = 0; i < slots.size(); i++) {
                    gradient.view(slots.get(i).name()).assign(program.array(values, read + i));
                }
                updater().measure();
                return new StepResult(values.get(0)[0], updater().norm(), values.subList(1, read));
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }

    private final class Interpreted implements Program {
        private final Computation computation;
        private final FlatVector[] vectors;
        private final Recording recording;
        private final Graph graph;
        private final Plan plan;
        private final DataType type;

        Interpreted(Computation computation, int destinations, FlatVector... vectors) {
            this.computation = computation;
            this.vectors = vectors;
            this.type = CompiledEngine.type(computation, vectors);
            Map<String, INDArray> inputs = new LinkedHashMap<>();
            for (Input input : computation.inputs()) {
                inputs.put(
                        input.name(),
                        Nd4j.zeros(
                                input.type(),
                                input.shape().stream()
                                        .mapToLong(Long::longValue)
                                        .toArray()));
            }
            this.recording = Recording.of(computation.graph(), type, inputs, computation.outputs());
            this.graph = GraphReader.read(computation.graph(), recording, type, vectors);
            this.plan = Planner.plan(graph, computation.outputs(), destinations, layout, narrowing);
        }

        List<double[]> values(List<INDArray> inputs) {
            Map<String, double[]> given = new HashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                given.put(computation.inputs().get(i).name(), numbers(inputs.get(i)));
            }
            for (FlatVector vector : vectors) {
                vector.views().forEach((name, view) -> given.put(name, numbers(view)));
            }
            PlanInterpreter.Values values = new PlanInterpreter.Values() {
                @Override
                public double[] input(String name) {
                    return given.get(name);
                }

                @Override
                public double[] vector(String name) {
                    return given.get(name);
                }

                @Override
                public double[] literal(String name) {
                    return graph.variables().get(name).values();
                }

                @Override
                public void library(Plan.Kernel.Library kernel, List<double[]> in, List<double[]> out) {
                    Interpreted.this.library(kernel, in, out);
                }
            };
            return PlanInterpreter.run(plan, values, rounding);
        }

        /** Again, as it was recorded, on these numbers. */
        private void library(Plan.Kernel.Library kernel, List<double[]> in, List<double[]> out) {
            Recording.Entry entry = recording.entries().stream()
                    .filter(each -> each.op().getName().equals(kernel.operation()))
                    .findFirst()
                    .orElseThrow();
            List<String> names = entry.op().getInputsToOp();
            for (int i = 0; i < in.size(); i++) {
                if (in.get(i) != null) {
                    INDArray array = recording.array(names.get(i));
                    array.assign(array(in.get(i), array.shape()));
                }
            }
            entry.prepared().run();
            for (int i = 0; i < out.size(); i++) {
                if (out.get(i) != null) {
                    double[] results =
                            numbers(recording.array(entry.op().getOutputsOfOp().get(i)));
                    System.arraycopy(results, 0, out.get(i), 0, results.length);
                }
            }
        }

        INDArray array(List<double[]> values, int output) {
            return array(
                    values.get(output),
                    recording.array(computation.outputs().get(output)).shape());
        }

        private INDArray array(double[] values, long[] shape) {
            INDArray array = Nd4j.zeros(type, shape);
            array.reshape(values.length).assign(Nd4j.createFromArray(values).castTo(type));
            return array;
        }

        private static double[] numbers(INDArray array) {
            return array.castTo(DataType.DOUBLE)
                    .dup('c')
                    .reshape(array.length())
                    .toDoubleVector();
        }

        @Override
        public List<INDArray> run(List<INDArray> inputs) {
            Input.check(computation.inputs(), inputs);
            List<double[]> values = values(inputs);
            List<INDArray> arrays = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                arrays.add(array(values, i));
            }
            return arrays;
        }

        @Override
        public void close() {
            recording.close();
        }
    }
}
