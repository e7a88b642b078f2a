package org.likelihood4j.score;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.score.ScorerFunction.Input;
import org.likelihood4j.score.ScorerFunction.Kind;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.program.ExportProgram;

/** From examples to latents and back, and from noise to examples. */
record Mappings(FunctionTable functions, ExampleInputs inputs) {
    /** The latents of rows: of a VAE the mean of q(z|x), of a flow f(x). */
    double[][] encode(Rows rows) {
        return overRows("encode", rows, "latent", false);
    }

    /** What the model makes of rows: of a VAE the mean of p(x|z) at their latents, of a flow the rows again; images as intensities, 0 to 1. */
    double[][] reconstruct(Rows rows) {
        return overRows("reconstruct", rows, "reconstruction", true);
    }

    private double[][] overRows(String name, Rows rows, String output, boolean stored) {
        ScorerFunction function = functions.get(name);
        inputs.check(function, rows);
        return results(
                function,
                rows.size(),
                output,
                stored,
                (input, from, count, into, at) ->
                        inputs.fill(function.inputs().get(input), rows, 1, from, count, into, at));
    }

    /**
     * The data of latents: images as intensities, nominally 0 to 1; rows as they are stored.
     *
     * @throws ExportException if the model is told something of each example: that is not done here
     */
    double[][] decode(double[][] latents) {
        ScorerFunction function = functions.get("decode");
        requireUntold(function);
        return results(
                function, latents.length, function.program().outputs().get(0), true, (input, from, count, into, at) -> {
                    int width = function.inputs().get(input).columns();
                    for (int i = 0; i < count; i++) {
                        if (latents[from + i].length != width) {
                            throw new ExportException(
                                    "a latent has " + width + " numbers, was " + latents[from + i].length);
                        }
                        System.arraycopy(latents[from + i], 0, into, at + i * width, width);
                    }
                });
    }

    /**
     * Draws from the model: those that {@code ./run.sh sample} draws with the same seed.
     *
     * @param temperature scales the prior's normal noise: 1 for the model itself
     * @return images as intensities, nominally 0 to 1; rows as they are stored
     * @throws ExportException if the model is told something of each example: see {@link #sample(int[], double, long)}
     */
    double[][] sample(int count, double temperature, long samplingSeed) {
        requireUntold(functions.get("sample"));
        return sampled(new int[count], temperature, samplingSeed);
    }

    /** The same of a model that is told a class of each example. */
    double[][] sample(int[] labels, double temperature, long samplingSeed) {
        if (inputs.conditionClasses() == 0) {
            throw new ExportException("the model is told no class");
        }
        for (int label : labels) {
            inputs.requireClass(label);
        }
        return sampled(labels, temperature, samplingSeed);
    }

    private double[][] sampled(int[] labels, double temperature, long samplingSeed) {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be finite and at least 0, was " + temperature);
        }
        ScorerFunction function = functions.get("sample");
        return results(
                function, labels.length, function.program().outputs().get(0), true, (name, from, count, into, at) -> {
                    Input input = function.inputs().get(name);
                    for (int i = 0; i < count; i++) {
                        int place = at + i * input.columns();
                        if (input.kind() == Kind.CONDITION) {
                            ExampleInputs.tell(labels[from + i], input.columns(), into, place);
                        } else {
                            NoiseFill noise = input.noise()
                                    .orElseThrow(() -> new ExportException(
                                            "the model is told columns of each row, which is not done here"));
                            noise.fill(
                                    noise.sampleKey(samplingSeed, input.first(), from + i), temperature, into, place);
                        }
                    }
                });
    }

    private static void requireUntold(ScorerFunction function) {
        if (function.has(Kind.CONDITION) || function.has(Kind.GIVEN)) {
            throw new ExportException("the model is told something of each example: "
                    + function.inputs().keySet());
        }
    }

    private double[][] results(
            ScorerFunction function, int count, String output, boolean stored, ExportProgram.Filler filler) {
        double[][] results = new double[count][];
        function.program().run(count, filler, List.of(output), (name, from, n, numbers) -> {
            int width = numbers.length / n;
            if (stored && width != inputs.dimension()) {
                throw new ExportException(
                        "the function makes " + width + " numbers of an example, expected " + inputs.dimension());
            }
            for (int i = 0; i < n; i++) {
                double[] row = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
                for (int j = 0; stored && j < inputs.columns().size(); j++) {
                    row[j] = inputs.columns().get(j).stored(row[j]);
                }
                results[from + i] = row;
            }
        });
        return results;
    }

    /**
     * What the model is shown of rows: images as intensities, binarised where it sees them so.
     */
    double[][] shown(Rows rows) {
        return overRows("reconstruct", rows, "seen", false);
    }
}
