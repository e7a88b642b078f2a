package org.likelihood4j.engine.compiled;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.reference.FlatTraining;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled training step: a body that leaves the gradient in its vector, and an updater. */
final class CompiledTraining extends FlatTraining {
    private final List<Input> inputs;
    private final Body body;
    private final double[] loss = new double[1];
    /** Filled anew by every step. */
    private final List<double[]> metrics;

    CompiledTraining(Computation computation, Body body, FlatVector parameters, FlatVector gradient, Updater updater) {
        super(parameters, gradient, updater);
        this.inputs = computation.inputs();
        this.body = body;
        List<double[]> values = new ArrayList<>();
        for (int i = 1; i < computation.outputs().size(); i++) {
            values.add(new double[body.size(i)]);
        }
        this.metrics = Collections.unmodifiableList(values);
    }

    @Override
    public StepResult evaluate(List<INDArray> arrays) {
        Input.check(inputs, arrays);
        body.run(arrays);
        return result();
    }

    @Override
    public boolean feed(List<InputSource> sources) {
        return body.feed(sources);
    }

    @Override
    public StepResult step(double learningRate, StepFeed feed) {
        body.run(feed);
        return updated(learningRate, result());
    }

    /** Of what the body has run. */
    private StepResult result() {
        updater().measure();
        body.read(0, loss);
        for (int i = 0; i < metrics.size(); i++) {
            body.read(i + 1, metrics.get(i));
        }
        return new StepResult(loss[0], updater().norm(), metrics);
    }

    @Override
    public Optional<Explanation> explain(List<INDArray> arrays, int runs) {
        long[] updates = new long[runs];
        for (int i = 0; i < runs; i++) {
            if (!evaluate(arrays).finite()) {
                throw new IllegalArgumentException("the loss or its gradient is not finite");
            }
            long started = System.nanoTime();
            updater().measure();
            updater().apply(0);
            updater().await();
            updates[i] = System.nanoTime() - started;
        }
        Arrays.sort(updates);
        return body.explain(arrays, runs, updates[runs / 2] / 1e3);
    }

    @Override
    public void close() {
        body.close();
    }
}
