package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.layers.ConvNet;
import org.nd4j.linalg.api.buffer.DataType;

/** Options of a flow that are refused, and what the message names. */
class FlowOptionsTest {
    @Test
    void badOptionsAreNamed() {
        assertThat(options(Map.of("couplings", 16)).architecture().totalLogScale())
                .isEqualTo(32);
        assertRefused(Map.of("channels", 0), "channels", "2, 2 and 0");
        assertRefused(Map.of("height", -1), "height", "-1, 2 and 1");
        assertRefused(Map.of("width", 1), "COLUMNS", "2x1x1");
        assertRefused(Map.of("levels", 1), "levels", "was 1");
        assertRefused(Map.of("couplings", 0), "couplings", "was 0");
        assertRefused(Map.of("couplings", 17), "couplings x logScaleBound", "34.0");
        for (double bad : new double[] {0, -1, Double.NaN}) {
            assertRefused(Map.of("bound", bad), "log-scale bound", String.valueOf(bad));
            assertRefused(Map.of("alpha", bad), "alpha", String.valueOf(bad));
            assertRefused(Map.of("floor", bad), "standardizationFloor", String.valueOf(bad));
        }
        assertRefused(Map.of("alpha", 0.5), "alpha", "0.5");
        assertRefused(Map.of("alpha", 1e-13), "alpha", "1.0E-13");
        assertRefused(Map.of("floor", 1e-7), "standardizationFloor", "1.0E-7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Flow.Options(
                        new PixelData(EventShape.image(2, 2, 1), 256, HalfOrder.COLUMNS, 0.05, 0.01),
                        2,
                        SmallFlows.HIDDEN,
                        new DerivedAffineFamily(2),
                        DataType.BFLOAT16))
                .withMessageContaining("FLOAT or DOUBLE");
    }

    /** A builder of options that are all valid but for what a test changes. */
    private static Flow.Options options(Map<String, Number> changes) {
        Map<String, Number> v = new HashMap<>(Map.of(
                "channels",
                1,
                "height",
                2,
                "width",
                2,
                "levels",
                256,
                "couplings",
                4,
                "bound",
                2.0,
                "alpha",
                0.05,
                "floor",
                0.01));
        v.putAll(changes);
        return new Flow.Options(
                new PixelData(
                        EventShape.image(
                                v.get("height").intValue(),
                                v.get("width").intValue(),
                                v.get("channels").intValue()),
                        v.get("levels").intValue(),
                        HalfOrder.COLUMNS,
                        v.get("alpha").doubleValue(),
                        v.get("floor").doubleValue()),
                v.get("couplings").intValue(),
                SmallFlows.HIDDEN,
                new DerivedAffineFamily(v.get("bound").doubleValue()),
                DataType.FLOAT);
    }

    private static void assertRefused(Map<String, Number> changes, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> options(changes)).withMessageContainingAll(parts);
    }

    @Test
    void aMultiscaleFlowThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> multiscaleOf(EventShape.image(6, 6, 1)))
                .withMessage("squeezing needs an even height and width, not a map 3x3x2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Flow(new Flow.Options(
                        new RowData(EventShape.row(4), HalfOrder.HALVES), architecture(1), DataType.DOUBLE)))
                .withMessage("a multi-scale flow is one of images, not of 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> architecture(0))
                .withMessage("there must be at least 1 coupling");
        assertThat(architecture(2).totalLogScale()).isEqualTo(3 * 2 * (1.5 + 0.5 + 0.5) + 0.5);
    }

    private static Flow multiscaleOf(EventShape.Image image) {
        return new Flow(new Flow.Options(
                new PixelData(image, SmallFlows.LEVELS, HalfOrder.CHECKERBOARD, SmallFlows.ALPHA, 1e-3),
                architecture(1),
                DataType.DOUBLE));
    }

    private static MultiscaleArchitecture architecture(int checkerboard) {
        MultiscaleArchitecture.Scale scale =
                new MultiscaleArchitecture.Scale(0, checkerboard, new ConvNet.Shape(ConvNet.Block.RESIDUAL, 2, 1));
        return new MultiscaleArchitecture(
                List.of(scale, scale, scale), new DerivedAffineFamily(1.5), true, true, true, 0.5);
    }
}
