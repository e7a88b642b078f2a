package org.likelihood4j.score;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.score.ScorerFunction.Input;
import org.likelihood4j.score.ScorerFunction.Kind;
import org.likelihood4j.score.files.ExampleException;
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
        double[][] results = results(
                function,
                rows.size(),
                output,
                stored,
                (input, from, count, into, at) ->
                        inputs.fill(function.inputs().get(input), rows, 1, from, count, into, at));
        return stored ? asTold(function, rows, results) : results;
    }

    /**
     * The data of latents: images as intensities, nominally 0 to 1; rows as they are stored.
     *
     * @param told what the model is told of each, a row for each latent
     */
    double[][] decode(double[][] latents, Rows told) {
        ScorerFunction function = functions.get("decode");
        if (told.size() != latents.length) {
            throw new IllegalArgumentException(latents.length + " latents need as many rows, were " + told.size());
        }
        inputs.checkTold(function, told);
        double[][] decoded = results(
                function, latents.length, function.program().outputs().get(0), true, (name, from, count, into, at) -> {
                    Input input = function.inputs().get(name);
                    if (input.kind() != Kind.VALUE) {
                        inputs.fill(input, told, 1, from, count, into, at);
                        return;
                    }
                    int width = input.columns();
                    for (int i = 0; i < count; i++) {
                        if (latents[from + i].length != width) {
                            throw new ExampleException(
                                    "a latent has " + width + " numbers, was " + latents[from + i].length);
                        }
                        requireFinite(latents[from + i], from + i);
                        System.arraycopy(latents[from + i], 0, into, at + i * width, width);
                    }
                });
        return asTold(function, told, decoded);
    }

    private static void requireFinite(double[] latent, int number) {
        for (int j = 0; j < latent.length; j++) {
            if (!Double.isFinite(latent[j])) {
                throw new ExampleException(
                        "latent " + number + ", number " + j + ": expected a finite number, was " + latent[j]);
            }
        }
    }

    /**
     * Draws from the model: those that {@code ./run.sh sample} draws with the same seed.
     *
     * @param told what the model is told of each, a row for each one to be drawn
     * @param temperature scales the prior's normal noise: 1 for the model itself
     * @return images as intensities, nominally 0 to 1; rows as they are stored
     */
    double[][] sample(Rows told, double temperature, long samplingSeed) {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be finite and at least 0, was " + temperature);
        }
        ScorerFunction function = functions.get("sample");
        inputs.checkTold(function, told);
        double[][] drawn = results(
                function, told.size(), function.program().outputs().get(0), true, (name, from, count, into, at) -> {
                    Input input = function.inputs().get(name);
                    if (input.kind() != Kind.NOISE) {
                        inputs.fill(input, told, 1, from, count, into, at);
                        return;
                    }
                    NoiseFill noise = input.noise().orElseThrow();
                    for (int i = 0; i < count; i++) {
                        long key = noise.sampleKey(samplingSeed, input.first(), from + i);
                        noise.fill(key, temperature, into, at + i * input.columns());
                    }
                });
        return asTold(function, told, drawn);
    }

    /** Columns that are given stay as they were, and are not made of what the model saw of them. */
    private static double[][] asTold(ScorerFunction function, Rows told, double[]... results) {
        for (Input input : function.inputs().values()) {
            for (int place : input.places()) {
                for (int i = 0; i < results.length; i++) {
                    results[i][place] = told.values(i)[place];
                }
            }
        }
        return results;
    }

    /** Of models that are told nothing: as many rows as are wanted, of which nothing is asked. */
    Rows untold(String name, int count) {
        ScorerFunction function = functions.get(name);
        if (function.has(Kind.CONDITION) || function.has(Kind.GIVEN)) {
            throw new ExampleException("the model is told something of each example, "
                    + String.join(", ", function.inputs().keySet()) + ": give rows that have it");
        }
        return inputs.blank(count);
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

    /** What the model is shown of rows: images as intensities, binarised where it sees them so. */
    double[][] shown(Rows rows) {
        return overRows("reconstruct", rows, "seen", false);
    }
}
