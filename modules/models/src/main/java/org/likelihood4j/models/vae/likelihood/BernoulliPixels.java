package org.likelihood4j.models.vae.likelihood;

import java.util.Arrays;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.Bernoulli;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/** Bernoulli pixels, {@code P(x = 1|z) = sigmoid(output)}. */
public record BernoulliPixels(Binarization binarization) implements Likelihood {
    @Override
    public SDVariable observe(GraphBuilder g, SDVariable pixels, EventShape shape) {
        if (binarization == Binarization.NONE) {
            return pixels.div(WHITE);
        }
        Renewal renewal = binarization == Binarization.STATIC ? Renewal.NEVER : Renewal.EPOCH;
        SDVariable uniform = g.input(new FunctionInput.NoiseInput("binarization", shape, Noise.UNIFORM, renewal));
        return g.sameDiff().lt(uniform.mul(WHITE), pixels).castTo(g.type());
    }

    @Override
    public Density density(GraphBuilder g, SDVariable output, EventShape shape) {
        return new Bernoulli(g, shape, output);
    }

    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return g.sameDiff().nn().sigmoid(output);
    }

    /**
     * {@code logit(clip(mean, 0.001, 0.999))}: pixels that are never on would else start at minus
     * infinity.
     */
    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        return Map.of(outputBias, logits(mean));
    }

    private static double[] logits(double[] meanIntensity) {
        return Arrays.stream(meanIntensity)
                .map(mean -> Math.min(Math.max(mean, 0.001), 0.999))
                .map(mean -> Math.log(mean) - Math.log1p(-mean))
                .toArray();
    }

    @Override
    public boolean isLikelihood() {
        return binarization != Binarization.NONE;
    }

    @Override
    public boolean ofBinaryPixels() {
        return isLikelihood();
    }
}
