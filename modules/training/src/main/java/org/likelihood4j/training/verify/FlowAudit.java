package org.likelihood4j.training.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.training.ModelValues;
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

    private final Audit.Subject subject;

    FlowAudit(Audit.Subject subject) {
        this.subject = subject;
    }

    void run(Consumer<Finding> sink) {
        if (subject.single()) {
            roundTrips(subject.values(), 0.1, subject.precision(), sink);
        }
        roundTrips(subject.exact(), 1e-6, "float64", sink);
        sink.accept(logDeterminant());
    }

    /** Errors in grey levels of 256. */
    private void roundTrips(ModelValues values, double limit, String precision, Consumer<Finding> sink) {
        Feed images = subject.images();
        ModelFunction reconstruct = values.model().reconstruct();
        ModelFunction sample = values.model().sample();
        String noise = dequantization(reconstruct);
        try (Compiled there = Compiled.of(reconstruct, values, images.rows());
                Compiled drawn = Compiled.of(sample, values, images.rows())) {
            Map<String, double[][]> data = images.inputs(reconstruct);
            sink.accept(roundTrip("images: pixels -> z -> pixels", precision, limit, there.run(data)));
            double[] intensities = drawn.run(images.inputs(sample)).get("intensity");
            // Where no pixel can be the logit has no value: samples leave [0, 1] by a margin.
            double[] v = Arrays.stream(intensities)
                    .map(x -> LEVELS * Math.min(Math.max(x, 0), 1))
                    .toArray();
            Map<String, double[][]> samples = new HashMap<>(data);
            samples.replaceAll((name, rows) -> Matrices.rows(
                    name.equals(noise) ? v : new double[v.length],
                    values.model().dimension()));
            sink.accept(roundTrip("prior samples: the same", precision, limit, there.run(samples)));
        }
    }

    private static Finding roundTrip(String formula, String precision, double limit, Map<String, double[]> outputs) {
        double[] seen = outputs.get("seen");
        double[] back = outputs.get("reconstruction");
        Worst worst = new Worst();
        for (int i = 0; i < seen.length; i++) {
            worst.add(LEVELS * Math.abs(seen[i] - back[i]));
        }
        return Finding.atMost(limit, formula, "largest error, grey levels, " + precision, worst.cases(), worst.error());
    }

    private static String dequantization(ModelFunction function) {
        return function.inputs().stream()
                .filter(input ->
                        input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.UNIFORM)
                .map(FunctionInput::name)
                .findFirst()
                .orElseThrow();
    }

    /**
     * One image stands D times in a batch; the gradient of the sum of {@code z[n, n]} with respect to the dequantisation noise,
     * which is added to the pixels, is the whole Jacobian. For that the noise is made a variable of the graph.
     */
    private Finding logDeterminant() {
        ModelValues values = subject.exact();
        int dimension = values.model().dimension();
        ModelFunction loss = values.model().trainingLoss();
        String noise = dequantization(loss);
        Feed images = subject.images();
        Map<String, double[][]> inputs = images.inputs(loss);
        Map<String, double[]> terms;
        try (Compiled compiled = Compiled.of(loss, values, images.rows())) {
            terms = compiled.run(inputs);
        }
        Worst worst = new Worst();
        int count = Math.min(JACOBIANS, images.rows());
        for (int n = 0; n < count; n++) {
            double[][] jacobian = jacobian(values, noise, inputs.get("pixels")[n], inputs.get(noise)[n], dimension);
            worst.add(Math.abs(logDet(values.model().metrics(), terms, n) - Matrices.logAbsDet(jacobian)));
        }
        return Finding.atMost(
                1e-6,
                "log|det dz/dx| = the model's log-dets",
                "LU of the full Jacobian, float64, nats",
                worst.cases(),
                worst.error());
    }

    /** The sum of the stages' log-determinants: all metrics but the log-likelihood, which comes first, and the base. */
    private static double logDet(List<Metric> metrics, Map<String, double[]> terms, int row) {
        return metrics.stream()
                .skip(1)
                .filter(metric -> !metric.name().equals("base"))
                .mapToDouble(metric -> terms.get(metric.name())[row])
                .sum();
    }

    private static double[][] jacobian(ModelValues values, String noise, double[] pixels, double[] u, int dimension) {
        ModelFunction encode = values.model().encode();
        SameDiff graph = encode.graph();
        double[][] noises = new double[dimension][];
        Arrays.fill(noises, u);
        INDArray start = Nd4j.create(Matrices.flat(noises), new long[] {dimension, dimension}, 'c');
        graph.getVariable(noise).setShape(dimension, dimension);
        graph.associateArrayWithVariable(start, noise);
        SDVariable variable = graph.convertToVariable(graph.getVariable(noise));
        SDVariable eye = graph.constant(Nd4j.eye(dimension).castTo(DataType.DOUBLE));
        SDVariable trace = graph.getVariable(encode.outputs().get(0)).mul(eye).sum();
        trace.rename("trace");
        FlatVector noiseVector = FlatVector.zeros(
                List.of(new Slot(noise, List.of((long) dimension, (long) dimension), 0, false)), DataType.DOUBLE);
        noiseVector.view(noise).assign(start);
        List<FlatVector> vectors = new ArrayList<>(List.of(Compiled.vectors(values)));
        vectors.add(noiseVector);
        ModelFunction function = new ModelFunction(
                graph,
                encode.inputs().stream()
                        .filter(input -> !input.name().equals(noise))
                        .toList(),
                List.of("trace"));
        double[][] same = new double[dimension][];
        Arrays.fill(same, pixels);
        try (Compiled compiled = Compiled.gradient(
                function, List.of(variable.name()), DataType.DOUBLE, dimension, vectors.toArray(FlatVector[]::new))) {
            return Matrices.rows(compiled.run(Map.of("pixels", same)).get(noise), dimension);
        }
    }
}
