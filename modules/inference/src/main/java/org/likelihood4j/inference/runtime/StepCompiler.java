package org.likelihood4j.inference.runtime;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.likelihood4j.config.OptimizerConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The compiled training step of a configuration: loss, gradient and update for its batch size, or that of its shards. */
public final class StepCompiler {
    private StepCompiler() {}

    public static TrainingProgram compile(RunConfig config, ModelFunction loss, ModelValues values) {
        List<Input> inputs = InputArrays.declare(
                loss.inputs(), values.type(), config.training().microBatch());
        Computation computation = new Computation(loss.graph(), inputs, loss.outputNames());
        return ModelBuilder.stepEngine(config)
                .compileTraining(computation, values.parameters(), rule(config.training()), values.constants());
    }

    /**
     * What the step is made of, measured on the first batch, with the parameters as they start.
     *
     * @param runs how often each part is timed
     * @return empty where the configuration's engine or precision has no plan to tell of
     */
    public static Optional<Explanation> explain(RunConfig config, Splits data, int runs) {
        DataType type = ModelBuilder.type(config.precision());
        Model model = ModelBuilder.create(config, data.train().shape());
        ModelValues values = ModelValues.initial(model, type, config.seed(), ComputeDevice.of(config));
        DataInitializer.run(config, values, data.train());
        ModelFunction loss = values.model().trainingLoss();
        int[] order = Shuffle.permutation(data.train().size(), config.seed(), 1);
        Batch batch = Batches.training(data.train(), config.training().microBatch(), order, 0);
        List<INDArray> inputs = InputArrays.of(loss.inputs(), type, batch, NoiseKeys.training(config.seed(), 0));
        try (TrainingProgram program = compile(config, loss, values)) {
            return program.explain(inputs, runs);
        } finally {
            inputs.forEach(INDArray::close);
        }
    }

    private static UpdateRule rule(TrainingConfig training) {
        Optimizer optimizer;
        if (training.optimizer() instanceof OptimizerConfig.Adam adam) {
            optimizer = new Optimizer.Adam(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay());
        } else {
            OptimizerConfig.Sgd sgd = (OptimizerConfig.Sgd) training.optimizer();
            optimizer = new Optimizer.Momentum(sgd.momentum(), sgd.weightDecay());
        }
        return new UpdateRule(optimizer, optional(training.clipNorm()), optional(training.emaDecay()));
    }

    private static OptionalDouble optional(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
