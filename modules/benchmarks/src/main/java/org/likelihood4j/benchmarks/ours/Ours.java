package org.likelihood4j.benchmarks.ours;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.DisagreementException;
import org.likelihood4j.benchmarks.work.Feed;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One of our engines, through the interface that training uses. */
public final class Ours implements Contender {
    private final String name;
    private final Agreement agreement;
    private final Case theCase;
    private final ModelValues values;
    private final TrainingProgram program;
    private final List<List<INDArray>> batches;

    public Ours(OurEngine engine, Case theCase) {
        this(engine.name(), engine.engine().get().orElseThrow(), engine.agreement(), theCase);
    }

    Ours(String name, Engine engine, Agreement agreement, Case theCase) {
        this.name = name;
        this.agreement = agreement;
        this.theCase = theCase;
        this.values = theCase.ownValues();
        this.batches = arrays(theCase.feed(), values.type());
        ModelFunction loss = theCase.loss();
        FlatVector[] constants = values.buffers() == null ? new FlatVector[0] : new FlatVector[] {values.buffers()};
        this.program = engine.compileTraining(
                new Computation(loss.graph(), declare(theCase.feed(), values.type()), loss.outputNames()),
                values.parameters(),
                theCase.update().rule(),
                constants);
    }

    static List<Input> declare(Feed feed, DataType type) {
        return feed.inputs().stream()
                .map(input -> new Input(input.name(), type, List.of((long) feed.rows(), (long) input.size())))
                .toList();
    }

    /** The feed as ND4J's arrays. */
    public static List<List<INDArray>> arrays(Feed feed, DataType type) {
        List<List<INDArray>> batches = new ArrayList<>();
        for (int batch = 0; batch < feed.size(); batch++) {
            List<INDArray> arrays = new ArrayList<>();
            for (FunctionInput input : feed.inputs()) {
                long[] shape = {feed.rows(), input.size()};
                arrays.add(Nd4j.create(feed.values(input.name(), batch), shape, 'c')
                        .castTo(type));
            }
            batches.add(arrays);
        }
        return batches;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        load(theCase.weights());
    }

    void load(float[] weights) {
        values.parameters().flat().assign(Nd4j.createFromArray(weights).castTo(values.type()));
        program.state().restoreSteps(0);
        program.state().moments().values().forEach(moment -> moment.flat().assign(0));
        program.state()
                .ema()
                .ifPresent(ema -> ema.flat().assign(values.parameters().flat()));
    }

    @Override
    public void run(Phase phase, int steps) {
        for (int i = 0; i < steps; i++) {
            step(phase, i % batches.size());
        }
    }

    /** One step; the trainer's own cost of the reports comes on top where the results are used. */
    StepResult step(Phase phase, int batch) {
        List<INDArray> inputs = batches.get(batch);
        StepResult result = phase == Phase.STEP ? program.step(Update.LEARNING_RATE, inputs) : program.evaluate(inputs);
        if (!result.finite()) {
            throw new DisagreementException(name + ": the loss or the gradient is not finite any more");
        }
        return result;
    }

    /** The kernels of the step, each timed so often; empty where the engine has no plan to tell of. */
    public Optional<Explanation> explain(int runs) {
        return program.explain(batches.get(0), runs);
    }

    double loss(int batch) {
        return program.evaluate(batches.get(batch)).loss();
    }

    float[] gradient() {
        return program.gradient().flat().castTo(DataType.FLOAT).toFloatVector();
    }

    float[] weights() {
        return program.parameters().flat().castTo(DataType.FLOAT).toFloatVector();
    }

    @Override
    public void requireAgreement(Reference reference) {
        reset();
        double loss = loss(0);
        reference.check(name, agreement, loss, gradient(), steps -> {
            reset();
            run(Phase.STEP, steps);
            return weights();
        });
    }

    @Override
    public void close() {
        program.close();
    }
}
