package org.likelihood4j.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.drawing.ScatterPlot;
import org.likelihood4j.data.synthetic.densities.ToyDensity;

class ToySourceTest {
    @ParameterizedTest
    @EnumSource
    void pointsCarryTheirDensity(ToyDensity density) {
        Table drawn = (Table) new ToySource(density, 20, 0, 1, 3)
                .load(ProgressListener.none())
                .train();
        assertThat(drawn.shape()).isEqualTo(new VectorShape(density.columns()));
        for (int i = 0; i < drawn.size(); i++) {
            assertThat(drawn.logDensity(i)).hasValue(density.logDensity(drawn.values(i)));
        }
    }

    @Test
    void morePointsChangeNoOthers() {
        Splits few = new ToySource(ToyDensity.RING, 5, 2, 3, 1).load(ProgressListener.none());
        Splits more = new ToySource(ToyDensity.RING, 50, 20, 30, 1).load(ProgressListener.none());
        assertThat(more.train().slice(0, 5).sha256()).isEqualTo(few.train().sha256());
        assertThat(more.test().slice(0, 3).sha256()).isEqualTo(few.test().sha256());
        assertThat(few.train().slice(0, 2).sha256())
                .isNotEqualTo(few.validation().sha256());
    }

    @Test
    void tablesAreCutChosenAndChecked() {
        Table table = new Table(VectorShape.numbered(2), new double[] {1, 2, 3, 4, 5, 6}, new int[] {7, 8, 9});
        assertThat(table.select(new int[] {2, 0}).values(0)).containsExactly(5, 6);
        assertThat(table.select(new int[] {2, 0}).label(1)).isEqualTo(7);
        Table rest = table.slice(1, 3);
        assertThat(rest.gather(new int[] {1, 1}).doubles()).containsExactly(5, 6, 5, 6);
        assertThat(rest.sha256())
                .isEqualTo(new Table(VectorShape.numbered(2), new double[] {3, 4, 5, 6}, new int[] {8, 9}).sha256())
                .isNotEqualTo(new Table(VectorShape.numbered(1), new double[] {3, 4, 5, 6}, new int[4]).sha256());
        assertThat(table.logDensity(0)).isEmpty();
        assertThatThrownBy(() -> new Table(VectorShape.numbered(1), new double[] {1, Double.NaN}, new int[2]))
                .hasMessage("table: row 1, column 'x1' is NaN, which is not finite");
        assertThatThrownBy(() -> VectorShape.ofNumbers(List.of("a", "a"))).hasMessageContaining("two columns");
    }

    @Test
    void plotsPutPointsInTheirPlace() {
        var window = new ScatterPlot.Window(0, 10, 0, 10);
        var points = new ScatterPlot.Points(List.of(new double[] {2.5, 7.5}, new double[] {99, 99}), Color.RED);
        var image = ScatterPlot.render(
                List.of(
                        new ScatterPlot.Panel(window, new double[0][], List.of(points)),
                        new ScatterPlot.Panel(window, new double[][] {{1, 0}, {0, 0}}, List.of())),
                2);
        assertThat(image.getWidth()).isEqualTo(670);
        // Its edge is smoothed.
        Color point = new Color(image.getRGB(10 + 80, 10 + 80));
        assertThat(point.getRed()).isEqualTo(255);
        assertThat(point.getGreen()).isLessThan(60);
        assertThat(new Color(image.getRGB(10 + 160, 10 + 160))).isEqualTo(Color.WHITE);
        assertThat(new Color(image.getRGB(340 + 80, 10 + 80)).getRed()).isLessThan(60);
        assertThat(new Color(image.getRGB(340 + 240, 10 + 80))).isEqualTo(Color.WHITE);
    }
}
