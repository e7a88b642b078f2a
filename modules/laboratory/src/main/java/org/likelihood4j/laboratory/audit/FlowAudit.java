package org.likelihood4j.laboratory.audit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.laboratory.verify.FormulaRun;
import org.likelihood4j.laboratory.verify.Gaussian;
import org.likelihood4j.laboratory.verify.LargestError;
import org.likelihood4j.laboratory.verify.Matrices;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;

/** A trained flow: that it can be inverted, and that its log-determinant is that of its Jacobian. */
final class FlowAudit {
    private static final double LEVELS = 256;

    /** Each takes as many forward passes as an example has numbers, and an LU of as many rows. */
    private static final int JACOBIANS = 2;
    /** Of more numbers one Jacobian is enough. */
    private static final int MANY = 1024;
    /** Of a Jacobian: a core makes some 5e9 in a second. */
    private static final double MOST_PRODUCTS = 2e12;
    /** Above it the LU takes minutes. */
    private static final int LARGEST_JACOBIAN = 4096;

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
    private String differentiated(ModelFunction function) {
        // Of rows only some columns may have noise; to add it to the stored numbers has the slope 1.
        return !subject.model().hasPixels()
                ? stored(function)
                : function.inputs().stream()
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
     * {@code log p(x) - log N(z)}, as the model tells both, against the LU of the Jacobian of z. What is varied are the data; of pixels it
     * is the noise r that is added to them: with learned noise u(r) {@code log p(x + u) - log q(u|x) = log N(z) + log|det dz/dr|}, and
     * with uniform noise dz/dr is dz/dx.
     */
    private Finding logDeterminant() {
        ModelValues values = subject.exact();
        int dimension = values.model().latentShape().size();
        String formula = "log|det dz/dx| = the model's log-dets";
        if (dimension > LARGEST_JACOBIAN) {
            return Finding.none(
                    formula,
                    String.format(
                            Locale.ROOT, "the Jacobian would be %,d x %,d: too large here", dimension, dimension));
        }
        // The loss of a flow that learns from its own draws tells nothing of data.
        boolean ofData = values.model().learnsFromData();
        ModelFunction density =
                ofData ? values.model().evaluationLoss() : values.model().logWeight();
        List<String> names =
                ofData ? values.model().metrics().stream().map(Metric::name).toList() : density.outputNames();
        ModelFunction encode = values.model().encode();
        AuditInputs images = subject.images();
        Map<String, double[][]> inputs = images.inputs(density);
        OutputValues terms;
        double[] latents;
        try (CompiledFunction densities = FormulaRun.of(density, values, images.rows());
                CompiledFunction encodings = FormulaRun.of(encode, values, images.rows())) {
            terms = densities.overInputs(inputs);
            latents = encodings.overInputs(inputs).only();
        }
        List<Integer> told =
                values.model().given().map(FunctionInput.Given::columns).orElse(List.of());
        LargestError worst = new LargestError();
        int count = Math.min(dimension > MANY ? 1 : JACOBIANS, images.rows());
        ModelFunction way = values.model().encode();
        for (int n = 0; n < count; n++) {
            Map<String, double[]> example = new HashMap<>();
            for (Map.Entry<String, double[][]> input : inputs.entrySet()) {
                example.put(input.getKey(), input.getValue()[n]);
            }
            Linearizer.Linearized linearized;
            try {
                linearized = Linearizer.of(way, values, example, differentiated(encode));
            } catch (UnsupportedOperationException e) {
                return Finding.none(formula, e.getMessage());
            }
            if (linearized.chain().products() > MOST_PRODUCTS) {
                return Finding.none(
                        formula,
                        String.format(
                                Locale.ROOT,
                                "the Jacobian would take %.0e products: too many here",
                                linearized.chain().products()));
            }
            double exact = logStandardNormal(latents, n * dimension, dimension) + linearized.logAbsDet(told);
            for (double logDensity : logDensities(names, terms, n)) {
                worst.add(Math.abs(logDensity - exact));
            }
        }
        return Finding.atMost(1e-6, formula, "LU of the full Jacobian, float64, nats", worst.cases(), worst.error());
    }

    /** The log-density of a row as the model reports it, and the sum of the terms that it reports. */
    private static double[] logDensities(List<String> names, OutputValues terms, int row) {
        double total = terms.get(names.get(0))[row];
        double sum =
                names.stream().skip(1).mapToDouble(name -> terms.get(name)[row]).sum();
        return names.size() == 1 ? new double[] {total} : new double[] {total, sum};
    }

    /** {@code log N(z; 0, I)} of one latent. */
    private static double logStandardNormal(double[] latents, int first, int size) {
        double sum = 0;
        for (int j = first; j < first + size; j++) {
            sum += Gaussian.logDensity(latents[j], 0, 1);
        }
        return sum;
    }
}
