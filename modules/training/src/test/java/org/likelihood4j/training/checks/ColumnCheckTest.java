package org.likelihood4j.training.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.training.loop.PreflightCheck;

/** Tables of which it is known whether they have a density. */
class ColumnCheckTest {
    private static final String FLOW = "realnvp, mask: halves";

    /** The columns of some tables; row by row it would be hard to see what they are. */
    private static List<String> check(RunConfig config, double[]... columns) {
        int rows = columns[0].length;
        double[] values = new double[rows * columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = columns[i % columns.length][i / columns.length];
        }
        Table table = new Table(VectorShape.numbered(columns.length), values, new int[rows]);
        return ColumnCheck.check(config, table);
    }

    private static RunConfig config(String model, String data) {
        return ConfigLoader.parse("data: {" + data + "}\nmodel: {type: " + model + "}\n", "t.yaml", List.of());
    }

    private static RunConfig flow(String... data) {
        return config(
                FLOW,
                String.join(", ", "type: csv, path: x.csv", String.join(", ", data))
                        .replaceAll(", $", ""));
    }

    private static double[] draw(int rows, long seed, DoubleUnaryOperator map) {
        Random random = new Random(seed);
        return random.doubles(rows).map(u -> random.nextGaussian()).map(map).toArray();
    }

    private static double[] normal(int rows, long seed) {
        return draw(rows, seed, z -> z);
    }

    /** 5 seeds of each: no table of independent normals is remarked on, of however few rows or many columns. */
    @ParameterizedTest
    @CsvSource({"100, 1", "100, 2", "100, 10", "100, 50", "60, 50", "1000, 3", "1000, 50", "100000, 1", "100000, 10"})
    void normalsAreNeverRemarkedOn(int rows, int size) {
        for (int seed = 0; seed < 5; seed++) {
            int first = 100 * seed;
            double[][] columns = IntStream.range(0, size)
                    .mapToObj(j -> draw(rows, first + j, z -> Math.pow(10, j % 9 - 4) * (z + j)))
                    .toArray(double[][]::new);
            assertThat(check(flow(), columns)).isEmpty();
        }
    }

    /** As CSV files have them; and densities with tails, bounds and correlations. */
    @Test
    void realDensitiesAreNeverRefused() {
        double[] x = normal(20_000, 1);
        double[] y = normal(20_000, 2);
        for (double digits : new double[] {1e1, 1e2, 1e3}) {
            double[] a =
                    Arrays.stream(x).map(v -> Math.rint(v * digits) / digits).toArray();
            double[] b =
                    Arrays.stream(y).map(v -> Math.rint(v * digits) / digits).toArray();
            assertThat(check(flow(), a, b)).hasSize(digits == 1e1 ? 1 : 0);
            assertThat(check(flow(), Arrays.copyOf(a, 100), Arrays.copyOf(b, 100)))
                    .hasSizeLessThan(2);
        }
        assertThat(check(
                        flow(),
                        draw(20_000, 1, z -> Math.exp(z / 2)),
                        draw(20_000, 2, z -> -Math.log(0.5 * (1 + Math.tanh(z))))))
                .isEmpty();
        double[] near = IntStream.range(0, x.length)
                .mapToDouble(i -> x[i] + 0.05 * y[i])
                .toArray();
        assertThat(check(flow(), x, near)).isEmpty();
    }

    @Test
    void integersOfManyValuesAreAWarning() {
        double[] ages = draw(5000, 1, z -> Math.rint(40 + 12 * z));
        assertThat(check(flow(), ages, normal(5000, 2)))
                .singleElement()
                .asString()
                .startsWith("column 'x1' (")
                .contains("repeats its values", "dequantisation");
        // Steps of a hundredth of a deviation and less are no matter.
        assertThat(check(flow(), draw(5000, 1, z -> Math.rint(1000 * z)), normal(5000, 2)))
                .isEmpty();
        // A twelfth of zeros among numbers of which none repeats.
        double[] some = IntStream.range(0, 5000)
                .mapToDouble(i -> i % 12 == 0 ? 0 : Math.sin(i))
                .toArray();
        assertThat(check(flow(), some, normal(5000, 2)))
                .singleElement()
                .asString()
                .contains("8% are 0");
    }

    /** What a flow's log-likelihood climbs on without end. */
    @Test
    void whatHasNoDensityIsRefusedWithTheWayOut() {
        Random random = new Random(1);
        int[] kinds = random.ints(5000, 0, 4).toArray();
        double[][] columns = new double[6][];
        for (int k = 0; k < 4; k++) {
            int kind = k;
            columns[k] =
                    Arrays.stream(kinds).mapToDouble(one -> one == kind ? 1 : 0).toArray();
        }
        columns[4] = normal(5000, 3);
        columns[5] = normal(5000, 4);
        assertThatThrownBy(() -> check(flow(), columns))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(
                        "column 'x[1-4]' is a sum of multiples of ('x[1-4]'(, )?){3}: the rows lie in a plane, .*"
                                + "columns 'x1' \\(2 values in 5,000 rows, 7.% are 0\\), .*")
                .hasMessageContaining("--set \"data.columns=[-x1, -x2, -x3, -x4]\"")
                .hasMessageEndingWith("go on all the same with --set \"data.allow=[dependence, ties]\"")
                .hasMessageNotContaining("\n")
                .extracting(e -> ((DataException) e).remedy())
                .isEqualTo(Optional.of(new Setting("data.columns", "[-x1, -x2, -x3, -x4]")));
        assertThatThrownBy(() -> check(flow("allow: [ties]"), columns)).hasMessageContaining("[dependence, ties]");
        assertThat(check(flow("allow: [ties, dependence]"), columns)).hasSize(2);
        // A program's own data are never refused, a VAE's density is bounded by its noise.
        RunConfig external =
                config(FLOW, "type: external, description: mine, columns: [x1, x2, x3, x4, x5, x6], train: 5000");
        assertThat(check(external, columns)).hasSize(2);
        assertThat(check(config("vae, likelihood: {type: gaussian}", "type: csv, path: x.csv"), columns))
                .isEmpty();

        double[] inflated = draw(5000, 5, z -> Math.max(0, z));
        assertThatThrownBy(() -> check(flow(), inflated, columns[4]))
                .hasMessageContaining("column 'x1' (2,501 values in 5,000 rows, 50%")
                .hasMessageContaining("are 0) repeats its values: such columns have no density. Add noise");
    }

    /** The smallest set that is tied together is named, whatever its units, and however many columns are not. */
    @Test
    void dependentColumnsAreNamed() {
        double[][] columns =
                IntStream.range(0, 40).mapToObj(j -> normal(600, j)).toArray(double[][]::new);
        columns[7] = IntStream.range(0, 600)
                .mapToDouble(i -> 1000 * columns[3][i] - 0.5 * columns[21][i] * 1000 + 7)
                .toArray();
        assertThat(ColumnDependence.of(columns, RunConfig.Precision.FLOAT32))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.isExact()).isTrue();
                    List<Integer> tied = new ArrayList<>(one.by());
                    tied.add(one.column());
                    assertThat(tied).containsExactlyInAnyOrder(3, 7, 21);
                });
        columns[8] = columns[9].clone();
        columns[10] = Arrays.stream(columns[9]).map(v -> 32 + 1.8 * v).toArray();
        assertThat(ColumnDependence.of(columns, RunConfig.Precision.FLOAT32))
                .hasSize(3)
                .allMatch(ColumnDependence::isExact);
        assertThatThrownBy(() -> check(flow(), columns))
                .hasMessageContaining("shifted and scaled")
                .hasMessageContaining("data.allow=[dependence]");
        // Rounded to 4 decimals a sum is thin, but has a width.
        double[] sum = IntStream.range(0, 600)
                .mapToDouble(i -> Math.rint(1e3 * (columns[1][i] + columns[2][i])) / 1e3)
                .toArray();
        assertThat(check(flow(), columns[1], columns[2], sum))
                .singleElement()
                .asString()
                .contains("but for", "of its deviation");
        // As many columns as rows depend by chance.
        assertThat(ColumnDependence.of(
                        IntStream.range(0, 40).mapToObj(j -> normal(30, j)).toArray(double[][]::new),
                        RunConfig.Precision.FLOAT32))
                .isEmpty();
    }

    /** Its values may come later in the file; the other columns are tied together all the same. */
    @Test
    void aConstantColumnHidesNoDependence() {
        double[] x = normal(600, 1);
        double[] copy = Arrays.stream(x).map(v -> 32 + 1.8 * v).toArray();
        double[] constant = draw(600, 1, z -> 0.1);
        for (RunConfig.Precision precision : RunConfig.Precision.values()) {
            assertThat(ColumnDependence.of(new double[][] {constant, x, copy, normal(600, 2), constant}, precision))
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.isExact()).isTrue();
                        assertThat(List.of(one.column(), one.by().get(0))).containsExactlyInAnyOrder(1, 2);
                    });
        }
        assertThatThrownBy(() -> check(flow("allow: [ties]"), constant, x, copy))
                .hasMessageContaining("shifted and scaled")
                .hasMessageContaining("data.allow=[dependence, ties]");
        assertThat(ColumnDependence.of(new double[][] {constant, constant}, RunConfig.Precision.FLOAT32))
                .isEmpty();
    }

    /** What is left of a sum, 2e-5 of its deviation, float64 computes with and float32 does not. */
    @Test
    void aThinDirectionIsRefusedWhereThePrecisionLosesIt() {
        double[] x = normal(5000, 1);
        double[] noise = normal(5000, 2);
        double[] thin = IntStream.range(0, x.length)
                .mapToDouble(i -> x[i] + 2e-5 * noise[i])
                .toArray();
        RunConfig wide = ConfigLoader.parse(
                "data: {type: csv, path: x.csv}\nmodel: {type: " + FLOW + "}\nprecision: float64\n",
                "t.yaml",
                List.of());
        assertThatThrownBy(() -> check(flow(), x, thin)).hasMessageContaining("a copy of");
        assertThat(check(wide, x, thin)).singleElement().asString().contains("but for 2.0e-05 of its deviation");
        // Rounded to 64 bits, far from 0, and of many columns too, a sum leaves less than the limit.
        double[][] columns = IntStream.range(0, 200)
                .mapToObj(j -> draw(5000, j, z -> 1e6 * j + z))
                .toArray(double[][]::new);
        columns[199] = IntStream.range(0, 5000)
                .mapToDouble(i -> Arrays.stream(columns)
                        .limit(199)
                        .mapToDouble(column -> column[i])
                        .sum())
                .toArray();
        assertThat(ColumnDependence.of(columns, RunConfig.Precision.FLOAT64))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.isExact()).isTrue();
                    assertThat(one.residual()).isLessThan(1e-13);
                    assertThat(one.by()).hasSize(199);
                });
        double[] far = draw(5000, 3, z -> 1e9 + z);
        double[] copy = Arrays.stream(far).map(v -> 32 + 1.8 * v).toArray();
        assertThatThrownBy(() -> check(wide, far, copy)).hasMessageContaining("a copy of");
    }

    @Test
    void farValuesAreAWarningUntilTheyHideAllOthers() {
        double[] x = normal(5000, 1);
        double[] y = normal(5000, 2);
        y[17] = 1e6;
        assertThat(check(flow(), x, y))
                .singleElement()
                .asString()
                .startsWith("values more than 50 deviations off (by the quartiles) in 'x2' (1, up to 1.000e+06)");
        assertThat(check(config("vae, likelihood: {type: gaussian}", "type: csv, path: x.csv"), x, y))
                .hasSize(1);
        assertThat(check(flow("allow: [outliers]"), x, y)).isEmpty();
        y[17] = 1e30;
        assertThatThrownBy(() -> check(flow(), x, y))
                .hasMessageContaining("float32 does not tell the others apart")
                .hasMessageContaining("data.allow=[outliers]");
        assertThat(check(flow("allow: [outliers]"), x, y)).hasSize(1);
    }

    @Test
    void repeatedRowsAreTold() {
        double[] x = normal(100, 1);
        double[] y = normal(100, 2);
        double[] often = IntStream.range(0, 2000).mapToDouble(i -> x[i % 100]).toArray();
        double[] too = IntStream.range(0, 2000).mapToDouble(i -> y[i % 100]).toArray();
        assertThat(check(flow(), often, too))
                .anyMatch(line -> line.startsWith("1,900 of 2,000 rows repeat another one"));
    }

    @Test
    void constantColumnsAreLeftOutByKey() {
        double[] values = new double[60];
        Arrays.setAll(values, i -> i % 3 == 0 ? Math.sin(i) : i % 3);
        Table table = new Table(VectorShape.numbered(3), values, new int[20]);
        RunConfig config = ConfigLoader.parse(
                "data: {type: csv, path: x.csv, label: kind, columns: [-id]}\nmodel: {type: " + FLOW
                        + "}\ntraining: {batchSize: 5}\n",
                "t.yaml",
                List.of());
        assertThatThrownBy(() -> PreflightCheck.check(config, new Splits(table, table.slice(0, 0), table)))
                .hasMessage(
                        "column 'x2' is always 1.0, 'x3' is always 2.0 in the 20 training rows: a density needs numbers"
                                + " that vary; leave them out with --set \"data.columns=[-id, -x2, -x3]\"");
    }
}
