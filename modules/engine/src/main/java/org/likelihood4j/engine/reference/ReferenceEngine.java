package org.likelihood4j.engine.reference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.Program;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.graph.GraphBinding;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs graphs through one reused SameDiff inference session each, and updates with ND4J's own operations. */
final class ReferenceEngine implements Engine {
    @Override
    public Program compile(Computation computation, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        return new ReferenceProgram(computation, new ReferenceSession(computation.graph()), vectors);
    }

    @Override
    public TrainingProgram compileTraining(
            Computation computation, FlatVector parameters, UpdateRule rule, FlatVector... constants) {
        SameDiff graph = computation.graph();
        FlatVector[] all = GraphBinding.all(parameters, constants);
        GraphBinding.bind(graph, all);
        List<String> wanted = parameters.slots().stream().map(Slot::name).toList();
        Computation withGradient = GraphBinding.differentiate(computation, wanted);
        GraphBinding.rebind(withGradient.graph(), all);
        return new ReferenceTraining(
                new ReferenceProgram(withGradient, new ReferenceSession(withGradient.graph()), all),
                computation.outputs().size(),
                parameters,
                parameters.like(),
                rule);
    }

    @Override
    public Program compileGradient(Computation computation, List<String> withRespectTo, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        Computation withGradient = GraphBinding.differentiate(computation, withRespectTo);
        GraphBinding.rebind(withGradient.graph(), vectors);
        return new ReferenceProgram(withGradient, new ReferenceSession(withGradient.graph()), vectors);
    }

    private static final class ReferenceProgram implements Program {
        private final Computation computation;
        private final ReferenceSession session;
        private final FlatVector[] vectors;
        /** The arrays of the graph's variables and constants, by identity. */
        private final Set<INDArray> bound = Collections.newSetFromMap(new IdentityHashMap<>());

        ReferenceProgram(Computation computation, ReferenceSession session, FlatVector... vectors) {
            this.computation = computation;
            this.session = session;
            this.vectors = vectors;
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
            Input.check(declared, inputs);
            GraphBinding.refresh(vectors);
            Map<String, INDArray> placeholders = new LinkedHashMap<>();
            for (int i = 0; i < declared.size(); i++) {
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

    private static final class ReferenceTraining extends FlatTraining {
        private final ReferenceProgram program;
        private final int declaredOutputs;

        ReferenceTraining(
                ReferenceProgram program,
                int declaredOutputs,
                FlatVector parameters,
                FlatVector gradient,
                UpdateRule rule) {
            super(parameters, gradient, new LibraryUpdater(rule, parameters, gradient));
            this.program = program;
            this.declaredOutputs = declaredOutputs;
        }

        @Override
        public StepResult evaluate(List<INDArray> inputs) {
            List<INDArray> outputs = program.run(inputs);
            double loss = outputs.get(0).getDouble(0);
            List<double[]> metrics = new ArrayList<>();
            for (int i = 1; i < declaredOutputs; i++) {
                metrics.add(outputs.get(i).toDoubleVector());
            }
            List<Slot> slots = parameters().slots();
            for (int i = 0; i < slots.size(); i++) {
                gradient().view(slots.get(i).name()).assign(outputs.get(declaredOutputs + i));
            }
            outputs.forEach(program::recycle);
            updater().measure();
            return new StepResult(loss, updater().norm(), metrics);
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
