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
import org.likelihood4j.engine.StepQueue;
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
    /** Of a program that is fed. */
    private Optional<StepQueue> queue = Optional.empty();
    /** Whether steps have begun that nobody has read, because something has failed. */
    private boolean broken;

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
        boolean fed = body.feed(sources);
        queue = fed ? body.queue(updater()) : Optional.empty();
        return fed;
    }

    @Override
    public List<StepResult> steps(List<StepQueue.Step> steps) {
        if (queue.isPresent()) {
            if (broken) {
                throw new IllegalStateException("an earlier step has failed, and how many were taken is not known");
            }
            broken = true;
            List<StepResult> results = steps(steps, queue.get());
            broken = false;
            return results;
        }
        StepQueue.Step first = steps.get(0);
        body.run(first.feed());
        return List.of(updated(first.learningRate(), result()));
    }

    private List<StepResult> steps(List<StepQueue.Step> steps, StepQueue through) {
        List<StepResult> results = new ArrayList<>();
        int begun = 0;
        while (results.size() < steps.size()) {
            while (begun < steps.size() && begun - results.size() < through.depth()) {
                through.begin(steps.get(begun));
                begun++;
            }
            StepResult result = next(through);
            results.add(result);
            if (!result.finite()) {
                through.restart();
                if (begun > results.size()) {
                    // The gradient is that of the step behind it; of the same parameters this is its own again.
                    body.run(steps.get(results.size() - 1).feed());
                }
                break;
            }
        }
        return results;
    }

    private StepResult next(StepQueue through) {
        double norm = through.await();
        List<double[]> values = new ArrayList<>();
        for (int output = 0; output <= metrics.size(); output++) {
            float[] floats = new float[body.size(output)];
            through.read(output, floats);
            double[] doubles = new double[floats.length];
            for (int i = 0; i < floats.length; i++) {
                doubles[i] = floats[i];
            }
            values.add(doubles);
        }
        return new StepResult(values.get(0)[0], norm, values.subList(1, values.size()));
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
