package org.likelihood4j.laboratory.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.laboratory.evidence.Annealing;
import org.likelihood4j.laboratory.evidence.DiagonalPosteriors;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The encoder's posterior of each example; of one with a flow its draws, their moments and their weights. */
final class EncodedPosteriors implements AutoCloseable {
    /** From which a flow's moments are. */
    private static final int MOMENT_DRAWS = 200;

    private final TrainedModel trained;
    private final LatentVariableModel model;
    private final Program posterior;
    private final Program weight;
    private final long seed;

    EncodedPosteriors(TrainedModel trained, int examples, long seed) {
        this.trained = trained;
        this.model = (LatentVariableModel) trained.values().model();
        this.seed = seed;
        this.posterior = new Program(model.posterior(), examples);
        this.weight = model.hasGaussianPosterior() ? null : new Program(model.logWeight(), examples);
    }

    /** A function whose draws are renewed. */
    private final class Program {
        private final ModelFunction function;
        private final CompiledFunction compiled;

        Program(ModelFunction function, int examples) {
            this.function = function;
            this.compiled = CompiledFunction.compile(
                    ModelBuilder.engine(trained.config()), function, trained.values(), examples);
        }

        OutputValues run(GapInputs examples, int[] numbers, String purpose, long draw) {
            List<INDArray> arrays = new ArrayList<>();
            long key = CounterRandom.key(seed, "evidence/" + purpose);
            for (FunctionInput input : function.inputs()) {
                boolean drawn = input instanceof FunctionInput.NoiseInput noise && noise.renewal() == Renewal.DRAW;
                arrays.add(
                        drawn
                                ? InputArrays.noise(
                                        (FunctionInput.NoiseInput) input,
                                        trained.values().type(),
                                        numbers.length,
                                        row -> CounterRandom.key(CounterRandom.key(key, numbers[row]), draw))
                                : examples.array(input, trained.values().type()));
            }
            OutputValues outputs = compiled.outputs(arrays, numbers.length);
            arrays.forEach(INDArray::close);
            return outputs;
        }
    }

    /** The posteriors; of those with a flow Gaussians of the same moments. */
    DiagonalPosteriors of(GapInputs examples, int[] numbers, String purpose) {
        int latent = model.latentShape().size();
        if (model.hasGaussianPosterior()) {
            OutputValues outputs = posterior.run(examples, numbers, purpose, 0);
            double[] logSigma = outputs.get(LatentVariableModel.LOG_VARIANCE).clone();
            for (int j = 0; j < logSigma.length; j++) {
                logSigma[j] *= 0.5;
            }
            return new DiagonalPosteriors(latent, outputs.get(LatentVariableModel.MEAN), logSigma);
        }
        Moments[] moments = new Moments[numbers.length * latent];
        Arrays.setAll(moments, j -> new Moments());
        for (int draw = 0; draw < MOMENT_DRAWS; draw++) {
            double[] z = posterior.run(examples, numbers, purpose, draw).get(LatentVariableModel.LATENT);
            for (int j = 0; j < z.length; j++) {
                moments[j].add(z[j]);
            }
        }
        double[] mean = new double[moments.length];
        double[] logSigma = new double[moments.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = moments[j].mean();
            logSigma[j] = 0.5 * Math.log(moments[j].sampleVariance());
        }
        return new DiagonalPosteriors(latent, mean, logSigma);
    }

    /** Of a posterior with a flow: log w of K draws of each example, whose mean is the ELBO. */
    LogMeanExp[] weights(GapInputs examples, int[] numbers, int draws, String purpose, Annealing.Watch watch) {
        LogMeanExp[] means = LogMeanExp.array(numbers.length);
        for (int draw = 0; draw < draws; draw++) {
            double[] logWeights = weight.run(examples, numbers, purpose, draw).only();
            for (int row = 0; row < means.length; row++) {
                means[row].add(logWeights[row]);
            }
            watch.moved();
        }
        return means;
    }

    @Override
    public void close() {
        posterior.compiled.close();
        if (weight != null) {
            weight.compiled.close();
        }
    }
}
