package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.models.LayeredModel;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.ActNorm;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Gaussianization;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.densities.LogDensity;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.rows.GivenColumns;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A flow of couplings (Dinh et al. 2017) of any {@link ElementwiseFamily}, flat or at several scales,
 * over images or over rows of real numbers.
 *
 * <pre>
 * images: z = couplings(standardise(logit((pixels + u)/levels))),  u uniform on [0, 1)
 * rows:   z = couplings(standardise(x)), or of columns that are made normal first
 * log p = log N(z; 0, I) + sum of the log-determinants of all stages
 * loss = -mean over the batch of log p
 * bits/dim = -log p(pixels + u) / (D ln 2)
 * </pre>
 *
 * <p>For images the expectation over u of {@code log p(pixels + u)} is a lower bound of the
 * log-probability of the stored integers; with learned noise of density q ({@link
 * VariationalDequantization}) that of {@code log p(pixels + u) - log q(u|pixels)} is, which is then
 * what log p stands for here; for rows log p is exact, a log-density in the data's own
 * units.
 *
 * <p>Fitted to a density in the place of data it learns from its own draws: {@link ReverseKl}.
 */
public final class Flow implements LayeredModel {
    /**
     * Squares of the latents, summed over an image and in the gradient, stay within float32, whose
     * largest number is exp(88.7).
     */
    private static final double LARGEST_LOG_LATENT = 40;

    private static final int DATA_ARRAYS = 5;
    /** The term of learned noise. */
    private static final String NOISE = "dequantization_entropy";

    /**
     * The most that all couplings together may scale by: latents are at most {@code exp(total) *
     * x}, where x is the largest standardised number, and {@code exp(total) * x <= exp(40)}, so
     * that the squares in log N(z; 0, I) and in the gradient stay within float32.
     *
     * @return the largest {@code couplings * family.logScaleBound()}
     */
    public static double largestTotalLogScale(FlowData data) {
        return LARGEST_LOG_LATENT - data.largestLogInput();
    }

    /**
     * What defines the flow.
     *
     * @param architecture whose log-scales must in sum not exceed {@link #largestTotalLogScale}
     * @param dequantization of images, where their noise is learned; else it is uniform
     * @param target of rows of real numbers that are only standardised: a density that the flow is fitted to; else it is fitted to data
     * @param type FLOAT or DOUBLE
     */
    public record Options(
            FlowData data,
            Architecture architecture,
            Optional<VariationalDequantization> dequantization,
            Optional<LogDensity> target,
            DataType type) {
        /** With uniform noise. */
        public Options(FlowData data, Architecture architecture, DataType type) {
            this(data, architecture, Optional.empty(), type);
        }

        /** Of data. */
        public Options(
                FlowData data,
                Architecture architecture,
                Optional<VariationalDequantization> dequantization,
                DataType type) {
            this(data, architecture, dequantization, Optional.empty(), type);
        }

        /** A flat flow. */
        public Options(
                FlowData data, int couplings, LayerFactory conditioner, ElementwiseFamily family, DataType type) {
            this(data, new FlatArchitecture(couplings, conditioner, family), type);
        }

        public Options {
            double largest = largestTotalLogScale(data);
            double total = architecture.totalLogScale();
            if (total > largest) {
                throw new IllegalArgumentException("couplings x logScaleBound is " + total + ", above " + largest
                        + ": the squares of the latents could leave float32's range");
            }
            if (target.isPresent() && !data.isOfPlainRows()) {
                throw new IllegalArgumentException(
                        "a density is one of whole rows of real numbers, which are not made normal");
            }
            if (type != DataType.FLOAT && type != DataType.DOUBLE) {
                throw new IllegalArgumentException("the type must be FLOAT or DOUBLE, was " + type);
            }
        }
    }

    private final Options options;
    private final FlowData data;
    private final Standardization standardization;
    private final Architecture.Body body;
    private final List<FlowData.Stage> stages;
    private final Optional<ReverseKl> reverse;

    public Flow(Options options) {
        this.options = options;
        this.data = options.data();
        this.body = options.architecture().create(data);
        this.standardization = new Standardization(
                ParameterPath.root().child("standardization"), data.shape(), data.standardizationFloor());
        List<FlowData.Stage> all = new ArrayList<>(data.stages());
        all.add(new FlowData.Stage("standardization", "log-det of the standardisation", standardization));
        all.add(new FlowData.Stage("couplings", "log-det of all coupling blocks", body.bijector()));
        this.stages = List.copyOf(all);
        this.reverse = options.target().map(ReverseKl::new);
    }

    /** An example, whole. */
    @Override
    public EventShape shape() {
        return data.given().<EventShape>map(GivenColumns::row).orElseGet(data::shape);
    }

    @Override
    public Optional<FunctionInput.Given> given() {
        return data.given().map(GivenColumns::input);
    }

    @Override
    public EventShape latentShape() {
        return body.bijector().outputShape();
    }

    @Override
    public List<Integer> latentScales() {
        return body.latents();
    }

    @Override
    public ParameterLayout parameters() {
        List<Parameter> all = new ArrayList<>();
        options.dequantization().ifPresent(noise -> all.addAll(noise.parameters()));
        stages.forEach(stage -> all.addAll(stage.bijector().parameters()));
        return new ParameterLayout(all);
    }

    @Override
    public ParameterLayout buffers() {
        return new ParameterLayout(Stream.concat(
                        data.given().map(GivenColumns::buffers).orElse(List.of()).stream(),
                        stages.stream().flatMap(stage -> stage.bijector().buffers().stream()))
                .toList());
    }

    /**
     * The statistics of what is told; of rows their ways to normal columns, if there are any; the standardisation, from what comes before
     * it; then what starts from the standardised data. Of a flow that is fitted to a density there is none.
     */
    @Override
    public List<DataInitialization> dataInitializations() {
        if (reverse.isPresent()) {
            // Nothing may be taken from data.
            return List.of();
        }
        List<DataInitialization> all = new ArrayList<>();
        data.given().flatMap(given -> given.initialization(options.type())).ifPresent(all::add);
        for (int i = 0; i < data.stages().size(); i++) {
            if (data.stages().get(i).bijector() instanceof Gaussianization marginals) {
                all.add(new DataInitialization(before(i), true, columns -> marginals.values(columns.sorted())));
            }
        }
        all.add(new DataInitialization(
                before(data.stages().size()),
                options.architecture().treatsPlacesAlike() ? standardization::channelValues : standardization::values));
        for (Architecture.Start start : body.starts()) {
            all.add(initialization(start));
        }
        return all;
    }

    /** What a stage sees. */
    private ModelFunction before(int stage) {
        GraphBuilder g = ofData();
        return g.function(new Outputs().matrix("unstandardized", data.shape().size(), throughStages(g, stage)));
    }

    private DataInitialization initialization(Architecture.Start start) {
        GraphBuilder g = ofData();
        ActNorm norm = start.norm();
        SDVariable x = norm.statistic(start.input().apply(g, standardized(g)));
        Outputs outputs = new Outputs().matrix("unnormalized", norm.inputShape().channels(), x);
        return new DataInitialization(g.function(outputs), norm::values);
    }

    /** Standardised data. */
    private SDVariable standardized(GraphBuilder g) {
        return throughStages(g, stages.size() - 1);
    }

    /** The flow's own draws, as they are before the last stage. */
    private SDVariable drawn(GraphBuilder g) {
        return body.bijector().inverse(g, base(g).sample(priorNoise(g))).value();
    }

    /** Data behind the first stages. */
    private SDVariable throughStages(GraphBuilder g, int count) {
        SDVariable x = observe(g).v();
        for (FlowData.Stage stage : stages.subList(0, count)) {
            x = stage.bijector().forward(g, x).value();
        }
        return x;
    }

    @Override
    public ModelFunction trainingLoss() {
        return loss(ofData().training());
    }

    @Override
    public ModelFunction evaluationLoss() {
        return loss(ofData());
    }

    private ModelFunction loss(GraphBuilder g) {
        if (reverse.isPresent()) {
            return g.function(reverse.get().loss(g, base(g), base(g).sample(priorNoise(g)), stages));
        }
        Terms terms = terms(g, observe(g));
        Outputs outputs = new Outputs()
                .scalar("loss", terms.logLikelihood().mean().neg())
                .perExample("log_likelihood", terms.logLikelihood());
        for (int i = 0; i < terms.bases().size(); i++) {
            outputs.perExample(baseName(i), terms.bases().get(i));
        }
        terms.noise().ifPresent(noise -> outputs.perExample(NOISE, noise));
        for (Bijector.Term term : logDetTerms()) {
            outputs.perExample(term.name(), terms.logDets().get(term.name()));
        }
        return g.function(outputs);
    }

    private SDVariable priorNoise(GraphBuilder g) {
        return g.input(new FunctionInput.NoiseInput("prior", latentShape(), Noise.NORMAL, Renewal.DRAW));
    }

    @Override
    public List<Metric> metrics() {
        if (reverse.isPresent()) {
            return reverse.get().metrics();
        }
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Metric(
                "log_likelihood", "nats", true, "log-density of " + data.densityOf() + ": the sum of all terms"));
        for (int i = 0; i < body.latents().size(); i++) {
            String which = body.latents().size() == 1 ? "" : " of the latents that leave at scale " + (i + 1);
            metrics.add(new Metric(baseName(i), "nats", true, "log N(z; 0, I)" + which));
        }
        if (options.dequantization().isPresent()) {
            metrics.add(new Metric(NOISE, "nats", true, "-log q(u|x) of the learned dequantisation noise u"));
        }
        for (Bijector.Term term : logDetTerms()) {
            metrics.add(new Metric(term.name(), "nats", true, term.description()));
        }
        return metrics;
    }

    /** Of latents that all stand for themselves; else the first ones leave at scale 1. */
    private String baseName(int latents) {
        return body.latents().size() == 1 ? "base" : "base_scale" + (latents + 1);
    }

    private List<Bijector.Term> logDetTerms() {
        return stages.stream().flatMap(stage -> terms(stage).stream()).toList();
    }

    private static List<Bijector.Term> terms(FlowData.Stage stage) {
        List<Bijector.Term> own = stage.bijector().terms();
        return own.isEmpty() ? List.of(new Bijector.Term(stage.name(), stage.description())) : own;
    }

    @Override
    public List<ModelPart> parts() {
        List<ModelPart> parts = new ArrayList<>();
        options.dequantization().ifPresent(noise -> parts.addAll(noise.parts()));
        parts.addAll(body.bijector().parts());
        return List.copyOf(parts);
    }

    @Override
    public Optional<ModelFunction> partReports() {
        GraphBuilder g = ofData();
        Outputs outputs = new Outputs();
        options.dequantization().ifPresent(noise -> noise.report(g, outputs));
        body.bijector().report(g, reverse.isPresent() ? drawn(g) : standardized(g), outputs);
        return Optional.of(g.function(outputs));
    }

    @Override
    public Optional<LatentGeometry> latentGeometry() {
        return Optional.of(new LatentGeometry(LatentGeometry.Encoding.EXACT, true));
    }

    @Override
    public Footprint footprint() {
        Footprint own = body.bijector().footprint().and(Footprint.arrays(DATA_ARRAYS, shape().size()));
        if (reverse.isPresent()) {
            return reverse.get().footprint(own, options.architecture().passesOfInverse(data));
        }
        return options.dequantization().map(noise -> own.and(noise.footprint())).orElse(own);
    }

    @Override
    public boolean hasBitsPerDimension() {
        return data.storesIntegers();
    }

    @Override
    public boolean hasPixels() {
        return data.storesIntegers();
    }

    @Override
    public ModelFunction logWeight() {
        GraphBuilder g = ofData();
        return g.function(
                new Outputs().perExample("log_weight", terms(g, observe(g)).logLikelihood()));
    }

    @Override
    public ModelFunction encode() {
        GraphBuilder g = ofData();
        return g.function(new Outputs()
                .events("latent", latentShape(), forward(g, observe(g).v())));
    }

    @Override
    public ModelFunction decode() {
        GraphBuilder g = ofCaller();
        SDVariable z = g.input(new FunctionInput.Value("latent_value", latentShape()));
        return g.function(new Outputs().events("intensity", shape(), whole(g, shown(g, z))));
    }

    @Override
    public ModelFunction sample() {
        GraphBuilder g = ofCaller();
        return g.function(new Outputs()
                .events("intensity", shape(), whole(g, shown(g, base(g).sample(priorNoise(g))))));
    }

    /** The exact inversion of the forward pass. */
    @Override
    public ModelFunction reconstruct() {
        GraphBuilder g = ofData();
        SDVariable v = observe(g).v();
        SDVariable seen = v;
        for (FlowData.Stage stage : stages.subList(0, data.unitStages())) {
            seen = stage.bijector().forward(g, seen).value();
        }
        return g.function(new Outputs()
                .events("seen", shape(), wholeOfData(g, seen))
                .events("reconstruction", shape(), wholeOfData(g, shown(g, forward(g, v)))));
    }

    @Override
    public List<String> layerNames() {
        List<String> names = new ArrayList<>();
        for (FlowData.Stage stage : stages.subList(0, stages.size() - 1)) {
            names.add(stage.name());
        }
        for (Bijector layer : body.bijector().layers()) {
            List<ModelPart> parts = layer.parts();
            names.add(
                    parts.isEmpty()
                            ? layer.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                            : parts.get(0).path().prefix());
        }
        return names;
    }

    private List<Bijector> layers() {
        List<Bijector> layers = new ArrayList<>();
        stages.subList(0, stages.size() - 1).forEach(stage -> layers.add(stage.bijector()));
        layers.addAll(body.bijector().layers());
        return layers;
    }

    @Override
    public ModelFunction forwardLayers() {
        GraphBuilder g = ofData();
        Outputs outputs = new Outputs();
        SDVariable x = observe(g).v();
        int place = 0;
        outputs.matrix(LayeredModel.layerOutput(place), data.shape().size(), x);
        for (Bijector layer : layers()) {
            x = layer.forward(g, x).value();
            outputs.matrix(LayeredModel.layerOutput(++place), data.shape().size(), x);
        }
        return g.function(outputs);
    }

    @Override
    public ModelFunction inverseLayers() {
        GraphBuilder g = ofCaller();
        Outputs outputs = new Outputs();
        SDVariable x = g.input(new FunctionInput.Value("latent_value", latentShape()));
        List<Bijector> layers = layers();
        int place = layers.size();
        outputs.matrix(LayeredModel.layerOutput(place), latentShape().size(), x);
        SDVariable logDet = null;
        while (place > 0) {
            Bijector.Result result = layers.get(--place).inverse(g, x);
            x = result.value();
            logDet = logDet == null ? result.logDet() : logDet.add(result.logDet());
            outputs.matrix(LayeredModel.layerOutput(place), data.shape().size(), x);
            outputs.perExample(LayeredModel.layerLogDet(place), logDet);
        }
        return g.function(outputs);
    }

    /** With what is told beside it, as the caller has it. */
    private SDVariable whole(GraphBuilder g, SDVariable shown) {
        return data.given().map(given -> given.rowsOfCaller(g, shown)).orElse(shown);
    }

    /** With what is told beside it, as the data have it. */
    private SDVariable wholeOfData(GraphBuilder g, SDVariable shown) {
        return data.given().map(given -> given.rowsOfData(g, shown)).orElse(shown);
    }

    /** Of a function of data, of which networks are told their part. */
    private GraphBuilder ofData() {
        GraphBuilder plain = new GraphBuilder(options.type());
        return data.given().map(given -> given.tellingOfData(plain)).orElse(plain);
    }

    /** Of a function without data: the caller says what networks are told. */
    private GraphBuilder ofCaller() {
        GraphBuilder plain = new GraphBuilder(options.type());
        return data.given().map(given -> given.tellingOfCaller(plain)).orElse(plain);
    }

    private StandardNormal base(GraphBuilder g) {
        return new StandardNormal(g, latentShape());
    }

    private SDVariable forward(GraphBuilder g, SDVariable v) {
        for (FlowData.Stage stage : stages) {
            v = stage.bijector().forward(g, v).value();
        }
        return v;
    }

    /** The inverse up to where data are shown: images at v/levels, rows in their own units. */
    private SDVariable shown(GraphBuilder g, SDVariable z) {
        for (int i = stages.size() - 1; i >= data.unitStages(); i--) {
            z = stages.get(i).bijector().inverse(g, z).value();
        }
        return z;
    }

    /**
     * The terms of a log-likelihood, each {@code [N]}.
     *
     * @param logLikelihood the sum of the others
     * @param bases {@code log N(z; 0, I)} of the latents of each scale
     * @param noise {@code -log q(u|x)}, where the noise is learned
     * @param logDets by name
     */
    private record Terms(
            SDVariable logLikelihood,
            List<SDVariable> bases,
            Optional<SDVariable> noise,
            Map<String, SDVariable> logDets) {}

    /**
     * What the flow sees.
     *
     * @param v the stored data, with whatever noise makes a density of them
     * @param noise {@code -log q(u|x)}, where the noise is learned
     */
    private record Observed(SDVariable v, Optional<SDVariable> noise) {}

    private Observed observe(GraphBuilder g) {
        if (options.dequantization().isEmpty()) {
            return new Observed(data.observe(g), Optional.empty());
        }
        VariationalDequantization.Draw noise = options.dequantization().get().draw(g);
        SDVariable pixels = ((PixelData) data).pixels(g);
        return new Observed(
                pixels.add(noise.u()), Optional.of(noise.logDensity().neg()));
    }

    private Terms terms(GraphBuilder g, Observed observed) {
        SDVariable v = observed.v();
        SDVariable total = null;
        Map<String, SDVariable> logDets = new HashMap<>();
        for (FlowData.Stage stage : stages) {
            Bijector.Result result = stage.bijector().forward(g, v);
            v = result.value();
            total = total == null ? result.logDet() : total.add(result.logDet());
            logDets.putAll(result.terms().isEmpty() ? Map.of(stage.name(), result.logDet()) : result.terms());
        }
        SDVariable base = base(g).logProb(v);
        SDVariable density = total.add(base);
        return new Terms(
                observed.noise().map(density::add).orElse(density), bases(g, v, base), observed.noise(), logDets);
    }

    /** The base in parts; as a whole where there is one. */
    private List<SDVariable> bases(GraphBuilder g, SDVariable z, SDVariable whole) {
        if (body.latents().size() == 1) {
            return List.of(whole);
        }
        List<SDVariable> bases = new ArrayList<>();
        int from = 0;
        for (int size : body.latents()) {
            bases.add(new StandardNormal(g, EventShape.row(size)).logProb(StableOps.columns(z, from, from + size)));
            from += size;
        }
        return bases;
    }
}
