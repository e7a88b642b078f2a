package org.likelihood4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fewer rows, and nothing that stands out is lost. */
class ThinningTest {
    private static double[] noise(int rows, long seed) {
        Random random = new Random(seed);
        return random.doubles(rows, -1, 1).toArray();
    }

    private static double[] picked(double[] column, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> column[i]).toArray();
    }

    @ParameterizedTest
    @CsvSource({"10000, 1500, 1", "10000, 1500, 6", "1501, 1500, 3", "65536, 1500, 12", "7, 2, 1", "100, 3, 5"})
    void boundsTheRowsAndKeepsFirstLastAndExtremes(int rows, int most, int columns) {
        List<double[]> all = java.util.stream.IntStream.range(0, columns)
                .mapToObj(i -> noise(rows, i))
                .toList();
        int[] kept = Thinning.rows(rows, most, all);
        assertThat(kept.length).isBetween(2, most);
        assertThat(kept).isSorted().doesNotHaveDuplicates();
        assertThat(kept[0]).isZero();
        assertThat(kept[kept.length - 1]).isEqualTo(rows - 1);
        if (most > 2 * columns + 2) {
            for (double[] column : all) {
                double[] seen = picked(column, kept);
                assertThat(Arrays.stream(seen).min())
                        .isEqualTo(Arrays.stream(column).min());
                assertThat(Arrays.stream(seen).max())
                        .isEqualTo(Arrays.stream(column).max());
            }
        }
    }

    @Test
    void usesTheRowsThatItMayHave() {
        int[] kept = Thinning.rows(10_000, 1500, List.of(noise(10_000, 1)));
        assertThat(kept.length).isGreaterThan(1300);
    }

    @Test
    void everyStretchKeepsItsSpike() {
        double[] flat = new double[9000];
        for (int i = 450; i < flat.length; i += 900) {
            flat[i] = i % 1800 == 450 ? 5 : -5;
        }
        int[] kept = Thinning.rows(flat.length, 100, List.of(flat));
        for (int i = 450; i < flat.length; i += 900) {
            assertThat(kept).contains(i);
        }
    }

    @Test
    void gapsStay() {
        double[] column = noise(5000, 3);
        column[2500] = Double.NaN;
        column[4000] = Double.POSITIVE_INFINITY;
        assertThat(Thinning.rows(5000, 200, List.of(column))).contains(2500, 4000);
    }

    @Test
    void fewRowsAreAllKept() {
        assertThat(Thinning.rows(3, 1500, List.of(new double[] {1, Double.NaN, 1})))
                .containsExactly(0, 1, 2);
        assertThat(Thinning.rows(0, 1500, List.of())).isEmpty();
    }

    @Test
    void aTableStaysWithinItsBounds() {
        SeriesTable table = new SeriesTable();
        int rows = 3 * SeriesTable.MOST_ROWS;
        for (int i = 0; i < rows; i++) {
            table.add(i, java.util.Map.of("y", i == 12345 ? 9.0 : Math.sin(i), "name" + i, 1.0));
        }
        SeriesTable.Rows all = table.rows(Integer.MAX_VALUE);
        assertThat(all.x().length).isLessThanOrEqualTo(SeriesTable.MOST_ROWS);
        assertThat(all.columns()).hasSize(SeriesTable.MOST_COLUMNS);
        assertThat(all.x()[0]).isZero();
        assertThat(all.x()[all.x().length - 1]).isEqualTo(rows - 1);
        assertThat(all.columns().get("y")).contains(9.0);
    }

    @Test
    void stepsTakenAgainReplaceTheOld() {
        SeriesTable table = new SeriesTable();
        for (double x : new double[] {1, 2, 3, 4, 2.5, 3}) {
            table.add(x, java.util.Map.of("y", 10 * x));
        }
        assertThat(table.rows(100).x()).containsExactly(1, 2, 2.5, 3);
        assertThat(table.rows(100).columns().get("y")).containsExactly(10, 20, 25, 30);
    }
}
