package org.likelihood4j.models.vae;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/** p(z) = N(0, I). */
public record StandardNormalPrior(EventShape.Row shape) implements FactorizedPrior {
    /** @param latent dimensions of z */
    public StandardNormalPrior(int latent) {
        this(EventShape.row(latent));
    }

    @Override
    public SDVariable logProb(GraphBuilder g, SDVariable z) {
        return new StandardNormal(g, shape).logProb(z);
    }

    @Override
    public SDVariable klPerDimension(GraphBuilder g, DiagonalGaussian q) {
        return q.klToStandardNormal();
    }

    @Override
    public SDVariable sampledKlPerDimension(GraphBuilder g, DiagonalGaussian q, SDVariable z) {
        return q.sampledKlToStandardNormal(z);
    }

    @Override
    public SDVariable sampledKlVariancePerDimension(GraphBuilder g, DiagonalGaussian q) {
        return q.sampledKlToStandardNormalVariance();
    }

    @Override
    public SDVariable sample(GraphBuilder g) {
        SDVariable noise = g.input(new FunctionInput.NoiseInput(NOISE, shape, Noise.NORMAL, Renewal.DRAW));
        return new StandardNormal(g, shape).sample(noise);
    }
}
