package org.likelihood4j.models.vae;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A learned mixture of K diagonal Gaussians:
 *
 * <pre>
 * p(z) = sum over k of w_k N(z; m_k, diag exp(v_k)),   w = softmax(logits)
 * log p(z) = log sum exp over k of [log w_k - 1/2 sum over j ((z_j - m_kj)^2 / exp(v_kj) + v_kj + log(2 pi))]
 * </pre>
 *
 * <p>v is clamped as a posterior's log-variance is ({@link DiagonalGaussian#clamped}). Its KL from
 * a Gaussian has no closed form.
 */
public final class MixturePrior implements Prior {
    /**
     * Wide enough that components differ, narrow enough that all lie within the first posteriors'
     * reach.
     */
    private static final double MEAN_LIMIT = 1;

    private final int latent;
    private final int components;
    private final Parameter logits;
    private final Parameter means;
    private final Parameter logVariances;

    /**
     * A mixture whose weights start equal, variances at 1 and means at random in [-1, 1).
     *
     * @param components K, at least 2
     */
    public MixturePrior(int latent, int components) {
        if (components < 2) {
            throw new IllegalArgumentException("a mixture needs at least 2 components, had " + components);
        }
        this.latent = latent;
        this.components = components;
        ParameterPath path = ParameterPath.root().child("prior");
        List<Long> matrix = List.of((long) components, (long) latent);
        this.logits =
                new Parameter(path.child("logits").prefix(), List.of((long) components), Initializer.zeros(), false);
        this.means = new Parameter(path.child("mean").prefix(), matrix, new Initializer.Uniform(MEAN_LIMIT), false);
        this.logVariances = new Parameter(path.child("logVariance").prefix(), matrix, Initializer.zeros(), false);
    }

    @Override
    public EventShape.Row shape() {
        return EventShape.row(latent);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(logits, means, logVariances);
    }

    @Override
    public SDVariable logProb(GraphBuilder g, SDVariable z) {
        SDVariable v = logVariances(g).reshape(1, components, latent);
        SDVariable centred = z.reshape(-1, 1, latent).sub(g.parameter(means).reshape(1, components, latent));
        SDVariable exponent =
                centred.mul(centred).mul(g.sameDiff().math().exp(v.neg())).add(v);
        SDVariable sum = latent == 1 ? exponent.reshape(-1, components) : exponent.sum(2);
        SDVariable terms = sum.mul(-0.5).add(logWeights(g)).sub(0.5 * latent * StandardNormal.LOG_2_PI);
        return StableOps.logSumExp(terms, components);
    }

    /** v {@code [K, latent]}. */
    private SDVariable logVariances(GraphBuilder g) {
        return DiagonalGaussian.clamped(g.parameter(logVariances));
    }

    /** {@code log softmax(logits) [1, K]}. */
    private SDVariable logWeights(GraphBuilder g) {
        SDVariable row = g.parameter(logits).reshape(1, components);
        return row.sub(StableOps.logSumExp(row, components).reshape(1, 1));
    }

    /**
     * Chooses component k where the uniform noise lies between the cumulative weights of k - 1 and
     * k.
     */
    @Override
    public SDVariable sample(GraphBuilder g) {
        SDVariable noise = g.input(new FunctionInput.NoiseInput(NOISE, shape(), Noise.NORMAL, Renewal.DRAW));
        SDVariable uniform = g.input(
                new FunctionInput.NoiseInput(NOISE + "_component", EventShape.row(1), Noise.UNIFORM, Renewal.DRAW));
        // Columns are w_1, w_1 + w_2, ...: the last one is left out, being 1 but for rounding.
        INDArray sums = Nd4j.zeros(g.type(), components, components - 1);
        INDArray differences = Nd4j.zeros(g.type(), components - 1, components);
        for (int column = 0; column < components - 1; column++) {
            for (int row = 0; row <= column; row++) {
                sums.putScalar(row, column, 1);
            }
            // below_k is 1 where u lies below the k-th sum: component k is chosen where below_k -
            // below_(k - 1) is 1.
            differences.putScalar(column, column, 1);
            differences.putScalar(column, column + 1, -1);
        }
        SDVariable weights = g.sameDiff().math().exp(logWeights(g));
        SDVariable cumulative = weights.mmul(g.sameDiff().constant(sums));
        SDVariable zeros = uniform.mmul(g.sameDiff().constant(Nd4j.zeros(g.type(), 1, components - 1)));
        SDVariable below =
                g.sameDiff().lt(zeros.add(uniform), zeros.add(cumulative)).castTo(g.type());
        INDArray last = Nd4j.zeros(g.type(), 1, components);
        last.putScalar(0, components - 1, 1);
        SDVariable chosen =
                below.mmul(g.sameDiff().constant(differences)).add(g.sameDiff().constant(last));
        SDVariable sigma = g.sameDiff().math().exp(logVariances(g).mul(0.5));
        return chosen.mmul(g.parameter(means)).add(chosen.mmul(sigma).mul(noise));
    }
}
