package org.likelihood4j.laboratory.gap;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.laboratory.evidence.ChainNoise;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.random.CounterRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Data drawn from a model, each with the latent that it was drawn at: of p(x) and p(z|x) that latent is an exact draw of the posterior. It is given
 * the classes and columns of true examples, and lacks the cells that these lack: then z is a draw of the posterior given the others.
 */
final class Simulation implements AutoCloseable {
    private final TrainedModel trained;
    private final ModelFunction function;
    private final CompiledFunction compiled;
    private final long key;

    Simulation(TrainedModel trained, int examples, long seed) {
        LatentVariableModel model = (LatentVariableModel) trained.values().model();
        this.trained = trained;
        this.function = model.simulate();
        this.compiled =
                CompiledFunction.compile(ModelBuilder.engine(trained.config()), function, trained.values(), examples);
        this.key = CounterRandom.key(seed, "evidence/simulation");
    }

    /**
     * What was drawn.
     *
     * @param data {@code [examples, size]}, as stored
     * @param latents {@code [examples, latent]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Drawn(double[] data, double[] latents) {}

    /** One for each row of a batch. */
    Drawn like(BatchInputs examples) {
        int[] numbers = examples.batch().indices();
        OutputValues outputs =
                run(examples, (input, row) -> CounterRandom.key(CounterRandom.key(key, input.name()), numbers[row]));
        double[] drawn = outputs.get(LatentVariableModel.SIMULATED);
        double[] data = trained.shape() instanceof VectorShape table ? table.stored(drawn) : drawn.clone();
        float[] present = examples.batch().values().present();
        for (int i = 0; i < data.length; i++) {
            data[i] = present[i] == 0 ? 0 : data[i];
        }
        return new Drawn(data, outputs.get(LatentVariableModel.LATENT));
    }

    /** Latents of the prior for chains of a batch's examples, {@code [examples chains, latent]}. */
    double[] latents(BatchInputs examples, ChainNoise noise) {
        int count = noise.examples();
        int chains = noise.chains();
        double[] all = null;
        for (int chain = 0; chain < chains; chain++) {
            int own = chain;
            double[] some = run(
                            examples, (input, row) -> CounterRandom.key(noise.key(row * chains + own, 0), input.name()))
                    .get(LatentVariableModel.LATENT);
            int latent = some.length / count;
            all = all == null ? new double[count * chains * latent] : all;
            for (int n = 0; n < count; n++) {
                System.arraycopy(some, n * latent, all, (n * chains + own) * latent, latent);
            }
        }
        return all;
    }

    /** The key of a row of noise. */
    private interface Key {
        long of(FunctionInput.NoiseInput input, int row);
    }

    private OutputValues run(BatchInputs examples, Key keys) {
        List<INDArray> arrays = new ArrayList<>();
        for (FunctionInput input : function.inputs()) {
            arrays.add(array(input, examples, keys));
        }
        OutputValues outputs = compiled.outputs(arrays, examples.batch().capacity());
        arrays.forEach(INDArray::close);
        return outputs;
    }

    private INDArray array(FunctionInput input, BatchInputs examples, Key keys) {
        Batch batch = examples.batch();
        DataType type = trained.values().type();
        if (input instanceof FunctionInput.NoiseInput noise) {
            return InputArrays.noise(noise, type, batch.capacity(), row -> keys.of(noise, row));
        }
        if (input instanceof FunctionInput.Given given) {
            double[] stored = batch.values().doubles();
            int width = stored.length / batch.capacity();
            double[] told = new double[batch.capacity() * given.size()];
            for (int i = 0; i < told.length; i++) {
                told[i] = stored[i / given.size() * width + given.columns().get(i % given.size())];
            }
            return Nd4j.create(told, new long[] {batch.capacity(), given.size()}, type);
        }
        return examples.array(input, type);
    }

    @Override
    public void close() {
        compiled.close();
    }
}
