package org.likelihood4j.laboratory.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionOutput;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A trained flow: that it can be inverted, and that its log-determinant is that of its Jacobian. */
final class FlowAudit {
    private static final double LEVELS = 256;

    /** Each takes a batch of D rows and an LU of a D x D matrix. */
    private static final int JACOBIANS = 2;

    /** Above it the LU takes minutes. */
    private static final int LARGEST_JACOBIAN = 4096;
    /** Matrices of D x D beside the graph: the Jacobian and its LU. */
    private static final int MATRICES = 4;
    /** Bytes of arrays that some rows of a Jacobian may take at once: only speed depends on it. */
    private static final long CHUNK = 1L << 30;

    private static final String SELECTION = "audited_latents";

    private final Audit.Subject subject;
    private final Errors errors;

    FlowAudit(Audit.Subject subject) {
        this.subject = subject;
        this.errors = subject.model().hasPixels() ? Errors.pixels() : Errors.rows(subject.images());
    }

    void run(Consumer<Finding> sink) {
        if (subject.single()) {
            roundTrips(subject.values(), errors.single(), subject.precision(), sink);
        }
        roundTrips(subject.exact(), errors.exact(), "float64", sink);
        sink.accept(logDeterminant());
    }

    /**
     * What errors of a round trip are counted in.
     *
     * @param scale from data as they are shown to that unit, for each column; one for all if there is only one
     * @param single the limit in float32
     * @param exact the limit in float64
     */
    @SuppressWarnings("ArrayRecordComponent") // of this class
    private record Errors(String of, String trip, String unit, double[] scale, double single, double exact) {
        static Errors pixels() {
            return new Errors("images", "pixels", "grey levels", new double[] {LEVELS}, 0.1, 1e-6);
        }

        static Errors rows(AuditInputs rows) {
            double[] scale = Arrays.stream(rows.deviations())
                    .map(deviation -> 1 / Math.max(deviation, Double.MIN_NORMAL))
                    .toArray();
            return new Errors("rows", "x", "standard deviations", scale, 1e-2, 1e-8);
        }

        double of(int position, double difference) {
            return scale[position % scale.length] * Math.abs(difference);
        }
    }

    private void roundTrips(ModelValues values, double limit, String precision, Consumer<Finding> sink) {
        AuditInputs images = subject.images();
        ModelFunction reconstruct = values.model().reconstruct();
        ModelFunction sample = values.model().sample();
        String trip = errors.trip();
        try (CompiledFunction there = FormulaRun.of(reconstruct, values, images.rows());
                CompiledFunction drawn = FormulaRun.of(sample, values, images.rows())) {
            Map<String, double[][]> data = images.inputs(reconstruct);
            sink.accept(roundTrip(
                    errors.of() + ": " + trip + " -> z -> " + trip, precision, limit, there.overInputs(data)));
            double[] shown = drawn.overInputs(images.inputs(sample)).only();
            // Where no pixel can be the logit has no value: samples leave [0, 1] by a margin, and learned noise is
            // added.
            double[] v = values.model().hasPixels()
                    ? Arrays.stream(shown)
                            .map(x -> Math.min(LEVELS * Math.max(x, 0), LEVELS - 1))
                            .toArray()
                    : shown;
            String stored = stored(reconstruct);
            Map<String, double[][]> samples = new HashMap<>(data);
            samples.put(stored, Matrices.rows(v, values.model().shape().size()));
            // Uniform noise of 0 leaves them as they are.
            reconstruct.inputs().stream()
                    .filter(FunctionInput.NoiseInput.class::isInstance)
                    .forEach(noise -> samples.put(noise.name(), new double[images.rows()][noise.size()]));
            sink.accept(roundTrip("prior samples: the same", precision, limit, there.overInputs(samples)));
        }
    }

    private Finding roundTrip(String formula, String precision, double limit, OutputValues outputs) {
        double[] seen = outputs.get("seen");
        double[] back = outputs.get("reconstruction");
        LargestError worst = new LargestError();
        for (int i = 0; i < seen.length; i++) {
            worst.add(errors.of(i, seen[i] - back[i]));
        }
        return Finding.atMost(
                limit, formula, "largest error, " + errors.unit() + ", " + precision, worst.cases(), worst.error());
    }

    /** The name of the input whose changes are those of the data: of pixels their noise. */
    private static String differentiated(ModelFunction function) {
        return function.inputs().stream()
                .filter(FunctionInput.NoiseInput.class::isInstance)
                .map(FunctionInput::name)
                .findFirst()
                .orElseGet(() -> stored(function));
    }

    /** The name of the input that takes the stored data. */
    private static String stored(ModelFunction function) {
        return function.inputs().stream()
                .filter(FunctionInput.Data.class::isInstance)
                .map(FunctionInput::name)
                .findFirst()
                .orElseThrow();
    }

    /**
     * One example stands in a batch once for each of some latents; the gradient of the sum of {@code z[n, i(n)]} with respect to the
     * data is these rows of the Jacobian. For that the data are made a variable of the graph; of pixels the noise r that is added to
     * them: with learned noise u(r) {@code log p(x + u) - log q(u|x) = log N(z) + log|det dz/dr|}, and with uniform noise dz/dr is dz/dx.
     */
    private Finding logDeterminant() {
        ModelValues values = subject.exact();
        int dimension = values.model().shape().size();
        String formula = "log|det dz/dx| = the model's log-dets";
        long row = values.model().footprint().kept() * Double.BYTES;
        int rows = (int) Math.max(1, Math.min(dimension, CHUNK / row));
        if (dimension > LARGEST_JACOBIAN
                || !MemoryNeed.fits(rows * row + (long) MATRICES * dimension * dimension * Double.BYTES)) {
            return Finding.none(
                    formula,
                    String.format(
                            Locale.ROOT, "the Jacobian would be %,d x %,d: too large here", dimension, dimension));
        }
        ModelFunction loss = values.model().trainingLoss();
        ModelFunction encode = values.model().encode();
        AuditInputs images = subject.images();
        Map<String, double[][]> inputs = images.inputs(loss);
        OutputValues terms;
        double[] latents;
        try (CompiledFunction densities = FormulaRun.of(loss, values, images.rows());
                CompiledFunction encodings = FormulaRun.of(encode, values, images.rows())) {
            terms = densities.overInputs(inputs);
            latents = encodings.overInputs(inputs).only();
        }
        LargestError worst = new LargestError();
        int count = Math.min(JACOBIANS, images.rows());
        for (int n = 0; n < count; n++) {
            Map<String, double[]> example = new HashMap<>();
            for (Map.Entry<String, double[][]> input : inputs.entrySet()) {
                example.put(input.getKey(), input.getValue()[n]);
            }
            double[][] jacobian = jacobian(values, example, rows);
            double base = logStandardNormal(latents, n * dimension, dimension);
            for (double logDensity : logDensities(values.model().metrics(), terms, n)) {
                worst.add(Math.abs(logDensity - base - Matrices.logAbsDet(jacobian)));
            }
        }
        return Finding.atMost(1e-6, formula, "LU of the full Jacobian, float64, nats", worst.cases(), worst.error());
    }

    /** The log-density of a row as the model reports it, and the sum of the terms that it reports. */
    private static double[] logDensities(List<Metric> metrics, OutputValues terms, int row) {
        double total = terms.get(metrics.get(0).name())[row];
        double sum = metrics.stream()
                .skip(1)
                .mapToDouble(metric -> terms.get(metric.name())[row])
                .sum();
        return metrics.size() == 1 ? new double[] {total} : new double[] {total, sum};
    }

    /** {@code log N(z; 0, I)} of one latent. */
    private static double logStandardNormal(double[] latents, int first, int size) {
        double sum = 0;
        for (int j = first; j < first + size; j++) {
            sum += Gaussian.logDensity(latents[j], 0, 1);
        }
        return sum;
    }

    private static double[][] jacobian(ModelValues values, Map<String, double[]> example, int rows) {
        int dimension = values.model().shape().size();
        ModelFunction encode = values.model().encode();
        SameDiff graph = encode.graph();
        Map<String, double[][]> inputs = new HashMap<>();
        example.forEach((name, value) -> {
            double[][] copies = new double[rows][];
            Arrays.fill(copies, value);
            inputs.put(name, copies);
        });
        String varied = differentiated(encode);
        INDArray start = Nd4j.create(Matrices.flat(inputs.remove(varied)), new long[] {rows, dimension}, 'c');
        graph.getVariable(varied).setShape(rows, dimension);
        graph.associateArrayWithVariable(start, varied);
        SDVariable variable = graph.convertToVariable(graph.getVariable(varied));
        SDVariable selection = graph.placeHolder(SELECTION, DataType.DOUBLE, -1, dimension);
        graph.getVariable(encode.outputNames().get(0)).mul(selection).sum().rename("selected");
        FlatVector data = FlatVector.zeros(
                List.of(new Slot(varied, List.of((long) rows, (long) dimension), 0, false)), DataType.DOUBLE);
        data.view(varied).assign(start);
        List<FlatVector> vectors = new ArrayList<>(List.of(values.vectors()));
        vectors.add(data);
        List<FunctionInput> declared = new ArrayList<>(encode.inputs());
        declared.removeIf(input -> input.name().equals(varied));
        declared.add(new FunctionInput.Value(SELECTION, EventShape.row(dimension)));
        ModelFunction function = new ModelFunction(graph, declared, List.of(new FunctionOutput.Scalar("selected")));
        double[][] jacobian = new double[dimension][];
        try (CompiledFunction compiled =
                FormulaRun.gradient(function, List.of(variable.name()), rows, vectors.toArray(FlatVector[]::new))) {
            for (int first = 0; first < dimension; first += rows) {
                double[][] selected = new double[rows][dimension];
                int count = Math.min(rows, dimension - first);
                for (int i = 0; i < count; i++) {
                    selected[i][first + i] = 1;
                }
                inputs.put(SELECTION, selected);
                double[][] found = Matrices.rows(compiled.overInputs(inputs).gradient(variable.name()), dimension);
                System.arraycopy(found, 0, jacobian, first, count);
            }
        }
        return jacobian;
    }
}
