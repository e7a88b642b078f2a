package org.likelihood4j.benchmarks.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.benchmarks.ours.Ours;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Flattened;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** SameDiff's own {@code fit} of the same graph, with ND4J's own Adam. */
public final class SameDiffFit implements Contender {
    private final Case theCase;
    private final List<List<INDArray>> batches;
    private final List<String> names;
    private final List<String> parameters;
    /** Asking for gradients alone switches the graph's cache of arrays off for good, so that each phase has a graph. */
    private final SameDiff training;

    private final SameDiff gradients;

    public SameDiffFit(Case theCase) {
        this.theCase = theCase;
        this.batches = Ours.arrays(theCase.feed(), DataType.FLOAT);
        this.names = theCase.feed().inputs().stream().map(FunctionInput::name).toList();
        this.parameters = theCase.slots().stream().map(Slot::name).toList();
        this.training = graph();
        this.gradients = graph();
        training.setTrainingConfig(TrainingConfig.builder()
                .updater(new Adam(
                        Update.LEARNING_RATE,
                        Update.adam().beta1(),
                        Update.adam().beta2(),
                        Update.adam().epsilon()))
                .dataSetFeatureMapping(names)
                .markLabelsUnused()
                .build());
    }

    private SameDiff graph() {
        ModelFunction loss = theCase.loss();
        SameDiff graph = loss.graph();
        ModelValues values = theCase.ownValues();
        bind(graph, values.parameters());
        if (values.buffers() != null) {
            bind(graph, values.buffers());
        }
        graph.setLossVariables(loss.outputNames().get(0));
        return graph;
    }

    private static void bind(SameDiff graph, FlatVector vector) {
        for (Slot slot : vector.slots()) {
            if (graph.hasVariable(slot.name())) {
                graph.associateArrayWithVariable(vector.view(slot.name()).dup(), graph.getVariable(slot.name()));
            }
        }
    }

    @Override
    public String name() {
        return "sd.fit";
    }

    /** The weights only: the optimiser's memory is out of reach. */
    @Override
    public void reset() {
        FlatVector start = theCase.ownValues().parameters();
        for (SameDiff graph : List.of(training, gradients)) {
            parameters.forEach(name -> graph.getVariable(name).getArr().assign(start.view(name)));
        }
    }

    @Override
    public void run(Phase phase, int steps) {
        if (phase == Phase.STEP) {
            training.fit(new Repeated(batches, steps), 1);
        } else {
            for (int i = 0; i < steps; i++) {
                gradients.calculateGradients(placeholders(i % batches.size()), parameters);
            }
        }
    }

    private Map<String, INDArray> placeholders(int batch) {
        Map<String, INDArray> placeholders = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            placeholders.put(names.get(i), batches.get(batch).get(i));
        }
        return placeholders;
    }

    @Override
    public void requireAgreement(Reference reference) {
        reset();
        String loss = theCase.loss().outputNames().get(0);
        var found = gradients.calculateGradientsAndOutputs(placeholders(0), List.of(loss), parameters);
        List<float[]> parts = new ArrayList<>();
        parameters.forEach(name -> parts.add(flat(found.getGradients().get(name))));
        reference.check(
                name(),
                Agreement.FLOAT32,
                found.getOutputs().get(loss).getDouble(0),
                Flattened.of(theCase.slots(), parts),
                steps -> {
                    run(Phase.STEP, steps);
                    return Flattened.of(
                            theCase.slots(),
                            parameters.stream()
                                    .map(name -> flat(training.getVariable(name).getArr()))
                                    .toList());
                });
    }

    private static float[] flat(INDArray array) {
        return array.dup('c').reshape(array.length()).toFloatVector();
    }

    @Override
    public void close() {
        batches.forEach(batch -> batch.forEach(INDArray::close));
    }

    /** Batches in turn, a given number of them. */
    private static final class Repeated implements org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator {
        private static final long serialVersionUID = 1;

        private final transient List<List<INDArray>> batches;
        private final int count;
        private int next;

        Repeated(List<List<INDArray>> batches, int count) {
            this.batches = batches;
            this.count = count;
        }

        @Override
        public boolean hasNext() {
            return next < count;
        }

        @Override
        public MultiDataSet next() {
            return new MultiDataSet(batches.get(next++ % batches.size()).toArray(INDArray[]::new), null);
        }

        @Override
        public MultiDataSet next(int number) {
            return next();
        }

        @Override
        public void reset() {
            next = 0;
        }

        @Override
        public boolean resetSupported() {
            return true;
        }

        @Override
        public boolean asyncSupported() {
            return false;
        }

        @Override
        public void setPreProcessor(org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor preProcessor) {
            throw new UnsupportedOperationException("the batches of a benchmark are ready as they are");
        }

        @Override
        public org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor getPreProcessor() {
            return null;
        }
    }
}
