package org.likelihood4j.toymodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * {@code N(mean, L L^T)}, L lower triangular with a positive diagonal {@code exp(logScale)}:
 *
 * <pre>
 * x = mean + L z,   z_j = (x_j - mean_j - sum over k below j of L_jk z_k) / L_jj
 * log p(x) = log N(z; 0, I) - sum over j of logScale_j
 * </pre>
 */
final class NormalModel implements ExactDensityModel {
    private static final ParameterPath PATH = ParameterPath.root().child("normal");

    private final EventShape shape;
    private final boolean latent;
    private final DataType type;
    private final Parameter mean;
    private final Parameter logScale;
    /** Row j of L left of the diagonal, for j from 1 on. */
    private final List<Parameter> below = new ArrayList<>();

    NormalModel(EventShape shape, double spread, boolean latent, DataType type) {
        this.shape = shape;
        this.latent = latent;
        this.type = type;
        this.mean = vector("mean", shape.size(), 0);
        this.logScale = vector("logScale", shape.size(), Math.log(spread));
        for (int j = 1; j < shape.size(); j++) {
            below.add(vector("below" + j, j, 0));
        }
    }

    private static Parameter vector(String name, int size, double value) {
        return new Parameter(PATH.child(name).prefix(), List.of((long) size), new Initializer.Constant(value), false);
    }

    @Override
    public EventShape shape() {
        return shape;
    }

    @Override
    public boolean hasPixels() {
        return false;
    }

    @Override
    public EventShape latentShape() {
        requireLatent();
        return EventShape.row(shape.size());
    }

    @Override
    public Optional<LatentGeometry> latentGeometry() {
        return latent ? Optional.of(new LatentGeometry(LatentGeometry.Encoding.EXACT, true)) : Optional.empty();
    }

    private void requireLatent() {
        if (!latent) {
            throw new IllegalStateException("this model has no latent");
        }
    }

    @Override
    public ParameterLayout parameters() {
        List<Parameter> all = new ArrayList<>(List.of(mean, logScale));
        all.addAll(below);
        return new ParameterLayout(all);
    }

    @Override
    public ParameterLayout buffers() {
        return new ParameterLayout(List.of());
    }

    @Override
    public List<DataInitialization> dataInitializations() {
        return List.of();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                new Metric("log_likelihood", "nats", true, "log-density of the data in their own units"),
                new Metric("base", "nats", true, "log N(z; 0, I)"),
                new Metric("scale", "nats", true, "log-det of L^-1"));
    }

    @Override
    public List<ModelPart> parts() {
        return List.of(new ModelPart(PATH, List.of()));
    }

    @Override
    public boolean hasBitsPerDimension() {
        return false;
    }

    @Override
    public ModelFunction trainingLoss() {
        GraphBuilder g = new GraphBuilder(type);
        Terms terms = terms(g);
        return g.function(new Outputs()
                .scalar("loss", terms.logLikelihood().mean().neg())
                .perExample("log_likelihood", terms.logLikelihood())
                .perExample("base", terms.base())
                .perExample("scale", terms.scale()));
    }

    @Override
    public ModelFunction logWeight() {
        GraphBuilder g = new GraphBuilder(type);
        return g.function(new Outputs().perExample("log_weight", terms(g).logLikelihood()));
    }

    @Override
    public ModelFunction encode() {
        requireLatent();
        GraphBuilder g = new GraphBuilder(type);
        return g.function(new Outputs().events("latent", latentShape(), inverse(g, data(g))));
    }

    @Override
    public ModelFunction decode() {
        requireLatent();
        GraphBuilder g = new GraphBuilder(type);
        SDVariable z = g.input(new FunctionInput.Value("latent_value", latentShape()));
        return g.function(new Outputs().events("intensity", shape, forward(g, z)));
    }

    @Override
    public ModelFunction sample() {
        GraphBuilder g = new GraphBuilder(type);
        SDVariable noise = g.input(new FunctionInput.NoiseInput("prior", shape, Noise.NORMAL, Renewal.DRAW));
        return g.function(new Outputs().events("intensity", shape, forward(g, noise)));
    }

    @Override
    public ModelFunction reconstruct() {
        requireLatent();
        GraphBuilder g = new GraphBuilder(type);
        SDVariable x = data(g);
        return g.function(
                new Outputs().events("seen", shape, x).events("reconstruction", shape, forward(g, inverse(g, x))));
    }

    private record Terms(SDVariable logLikelihood, SDVariable base, SDVariable scale) {}

    private Terms terms(GraphBuilder g) {
        SDVariable x = data(g);
        SDVariable base = new StandardNormal(g, shape).logProb(inverse(g, x));
        SDVariable scale =
                StableOps.zerosPerExample(x, shape).sub(g.parameter(logScale).sum());
        return new Terms(base.add(scale), base, scale);
    }

    private SDVariable data(GraphBuilder g) {
        return g.input(new FunctionInput.Data("values", shape));
    }

    private SDVariable row(GraphBuilder g, Parameter parameter) {
        return g.parameter(parameter).reshape(1, parameter.length());
    }

    /** z of x, column by column. */
    private SDVariable inverse(GraphBuilder g, SDVariable x) {
        SDVariable centred = x.sub(row(g, mean));
        SDVariable inverseScale = g.sameDiff().math().exp(row(g, logScale).neg());
        SDVariable z = null;
        for (int j = 0; j < shape.size(); j++) {
            SDVariable column = StableOps.columns(centred, j, j + 1);
            if (z != null) {
                column = column.sub(z.mmul(g.parameter(below.get(j - 1)).reshape(j, 1)));
            }
            column = column.mul(StableOps.columns(inverseScale, j, j + 1));
            z = z == null ? column : g.sameDiff().concat(1, z, column);
        }
        return z;
    }

    private SDVariable forward(GraphBuilder g, SDVariable z) {
        SDVariable scale = g.sameDiff().math().exp(row(g, logScale));
        SDVariable x = null;
        for (int j = 0; j < shape.size(); j++) {
            SDVariable column = StableOps.columns(z, j, j + 1).mul(StableOps.columns(scale, j, j + 1));
            if (j > 0) {
                column = column.add(StableOps.columns(z, 0, j)
                        .mmul(g.parameter(below.get(j - 1)).reshape(j, 1)));
            }
            x = x == null ? column : g.sameDiff().concat(1, x, column);
        }
        return x.add(row(g, mean));
    }
}
