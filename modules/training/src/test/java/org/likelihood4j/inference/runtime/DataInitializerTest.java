package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.random.RandomStream;
import org.likelihood4j.runs.statistics.Moments;
import org.likelihood4j.training.TinyRun;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** What a model takes from the training images before its first step, against the same numbers worked out by hand. */
class DataInitializerTest {
    private static ModelValues initialized(RunConfig config, Examples train) {
        DataType type = ModelBuilder.type(config.precision());
        ModelValues values = ModelValues.initial(ModelBuilder.create(config, train.shape()), type, config.seed());
        DataInitializer.run(config, values, train);
        return values;
    }

    private static double[] meanIntensity(Examples train) {
        double[] mean = new double[train.shape().size()];
        List<double[]> images = TinyRun.intensities(train);
        for (double[] image : images) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += image[j] / images.size();
            }
        }
        return mean;
    }

    @ParameterizedTest
    @CsvSource({"float32, 1e-5", "float64, 1e-12"})
    void theFirstReconstructionIsTheMeanImage(String precision, double tolerance) {
        RunConfig config = TinyRun.config(TinyRun.VAE, "precision=" + precision);
        Examples train = TinyRun.data(config).train();
        ModelValues values = initialized(config, train);
        double[] bias = values.parameters().view("decoder/output/bias").toDoubleVector();
        double[] mean = meanIntensity(train);
        for (int j = 0; j < mean.length; j++) {
            double clipped = Math.min(Math.max(mean[j], 0.001), 0.999);
            assertThat(bias[j]).as("pixel %d", j).isCloseTo(Math.log(clipped / (1 - clipped)), within(tolerance * 10));
        }
        // A corner is always black: without the clip its bias would be minus infinity.
        assertThat(mean[0]).isZero();
        assertThat(mean[14 * 28 + 14]).isBetween(0.2, 0.9);
    }

    @Test
    void gaussianPixelsStartAtTheMeanItself() {
        RunConfig config = TinyRun.config(TinyRun.VAE, "model.likelihood.type=gaussian");
        Examples train = TinyRun.data(config).train();
        double[] bias = initialized(config, train)
                .parameters()
                .view("decoder/output/bias")
                .toDoubleVector();
        double[] mean = meanIntensity(train);
        for (int j = 0; j < mean.length; j++) {
            assertThat(bias[j]).isCloseTo(mean[j], within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"float32, 1e-4", "float64, 1e-11"})
    void aFlowStartsWithStandardisedLogits(String precision, double tolerance) {
        RunConfig config = TinyRun.config(TinyRun.FLOW, "precision=" + precision);
        Examples train = TinyRun.data(config).train();
        ModelValues values = initialized(config, train);
        double[] shift = values.buffers().view("standardization/shift").toDoubleVector();
        double[] logScale = values.buffers().view("standardization/logScale").toDoubleVector();
        double[][] logits = logits(train, config.seed(), 0.01);
        for (int j = 0; j < shift.length; j++) {
            double mean = 0;
            double square = 0;
            for (double[] logit : logits) {
                double y = (logit[j] - shift[j]) / Math.exp(logScale[j]);
                mean += y / logits.length;
                square += y * y / logits.length;
            }
            assertThat(mean).as("mean of pixel %d", j).isCloseTo(0, within(tolerance));
            assertThat(square - mean * mean).as("variance of pixel %d", j).isCloseTo(1, within(10 * tolerance));
        }
    }

    /** logit(alpha + (1 - 2 alpha)(pixel + u)/256) with the noise that the initialisation uses. */
    private static double[][] logits(Examples train, long seed, double alpha) {
        double[][] logits = new double[train.size()][train.shape().size()];
        for (int i = 0; i < train.size(); i++) {
            long key = CounterRandom.key(seed, "evaluate/initialization/dequantization_noise");
            CounterRandom.fillUniform(CounterRandom.key(CounterRandom.key(key, i), 0), logits[i], 0, logits[i].length);
            for (int j = 0; j < logits[i].length; j++) {
                double p = alpha + (1 - 2 * alpha) * (train.values(i)[j] + logits[i][j]) / 256;
                logits[i][j] = Math.log(p / (1 - p));
            }
        }
        return logits;
    }

    @Test
    void aPixelWithHardlyAnyVarianceIsNotBlownUp() {
        RunConfig config = TinyRun.config(TinyRun.FLOW, "model.standardizationFloor=2.5");
        ModelValues values = initialized(config, TinyRun.data(config).train());
        double[] logScale = values.buffers().view("standardization/logScale").toDoubleVector();
        // A corner's logits hardly move; those in the middle do more than the floor.
        assertThat(logScale[0]).isCloseTo(Math.log(2.5), within(1e-6));
        assertThat(logScale[14 * 28 + 14]).isGreaterThan(Math.log(2.5) + 0.01);
    }

    /** Whose couplings are still the identity: nine decades in the one column, ties at 0 in the other, which is dequantised. */
    @Test
    void aFlowOfColumnsMadeNormalStartsWithNormalOnes() {
        RunConfig config = ConfigLoader.parse("""
                name: rows
                data: {type: toy}
                model: {type: realnvp, architecture: flat, couplings: 2, mask: halves, marginals: gaussian}
                """, "rows", List.of());
        VectorShape shape = new VectorShape(
                List.of(new Column("decades", new ColumnKind.Real()), new Column("count", new ColumnKind.Whole())));
        int rows = 5000;
        double[] values = new double[2 * rows];
        RandomStream draws = new RandomStream(1);
        for (int i = 0; i < rows; i++) {
            values[2 * i] = Math.pow(10, draws.below(9) - 4) * draws.normal();
            values[2 * i + 1] = Math.max(0, Math.floor(3 * draws.normal()));
        }
        Table train = Table.owning(shape, values, new int[rows]);
        ModelValues initialized = initialized(config, train);
        Moments[] latents = {new Moments(), new Moments()};
        try (CompiledFunction encode = CompiledFunction.compile(
                ModelBuilder.engine(config), initialized.model().encode(), initialized, 500)) {
            encode.overSet(train, NoiseKeys.evaluation(1, 1, "test", 0), (batch, outputs) -> {
                double[] z = outputs.only();
                for (int i = 0; i < z.length; i++) {
                    assertThat(z[i]).isBetween(-6.0, 6.0);
                    latents[i % 2].add(z[i]);
                }
            });
        }
        for (Moments column : latents) {
            assertThat(column.mean()).isCloseTo(0, within(0.03));
            assertThat(column.variance()).isCloseTo(1, within(0.05));
        }
    }

    @Test
    void otherParametersKeepTheirInitialValues() {
        RunConfig config = TinyRun.config(TinyRun.VAE);
        Examples train = TinyRun.data(config).train();
        ModelValues values = initialized(config, train);
        ModelValues before = ModelValues.initial(ModelBuilder.create(config, train.shape()), DataType.FLOAT, 1);
        values.parameters().slots().forEach(slot -> {
            if (!slot.name().equals("decoder/output/bias")) {
                assertThat(values.parameters().view(slot.name()))
                        .isEqualTo(before.parameters().view(slot.name()));
            }
        });
    }

    /** {@code [M, C]} with M = N times the places of an image: here every fourth pixel is the same quantity. */
    @Test
    void aStatisticMayHaveManyRowsOfEachExample() {
        RunConfig config = TinyRun.config(TinyRun.FLOW, "precision=float64");
        Examples train = TinyRun.data(config).train();
        Model flow = ModelBuilder.create(config, train.shape());
        int columns = 4;
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable pixels = g.input(new FunctionInput.Data("pixels", flow.shape()));
        ModelFunction statistic = g.function(new Outputs().matrix("places", columns, pixels.reshape(-1, columns)));
        List<double[]> seen = new ArrayList<>();
        DataInitialization initialization = new DataInitialization(statistic, (mean, variance) -> {
            seen.add(mean);
            seen.add(variance);
            return Map.of();
        });
        Model stub = (Model) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Model.class},
                (proxy, method, arguments) -> method.getName().equals("dataInitializations")
                        ? List.of(initialization)
                        : method.invoke(flow, arguments));
        DataInitializer.run(config, ModelValues.initial(stub, DataType.DOUBLE, 1), train);
        for (int c = 0; c < columns; c++) {
            Moments moments = new Moments();
            for (int i = 0; i < train.size(); i++) {
                double[] image = train.values(i);
                for (int j = c; j < image.length; j += columns) {
                    moments.add(image[j]);
                }
            }
            assertThat(seen.get(0)[c]).isCloseTo(moments.mean(), within(1e-9));
            assertThat(seen.get(1)[c]).isCloseTo(moments.variance(), within(1e-9 * moments.variance()));
        }
    }
}
