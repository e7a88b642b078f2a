package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.nd4j.linalg.api.buffer.DataType;

/** The names of parameters and of terms, by which checkpoints and metrics go. */
class FlowNamesTest {
    /** Checkpoints go by these names. */
    @Test
    void namesAreStable() {
        Flow flow = new Flow(new Flow.Options(
                new PixelData(EventShape.image(1, 5, 1), SmallFlows.LEVELS, HalfOrder.COLUMNS, SmallFlows.ALPHA, 1e-3),
                2,
                SmallFlows.HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
        List<String> names = new ArrayList<>();
        flow.parameters()
                .entries()
                .forEach(entry -> names.add(
                        entry.parameter().name() + " " + entry.parameter().shape() + " " + entry.offset()));
        flow.buffers()
                .entries()
                .forEach(entry -> names.add(
                        entry.parameter().name() + " " + entry.parameter().shape()));
        assertThat(names)
                .containsExactly(
                        "coupling0/conditioner/layer0/weight [2, 3] 0",
                        "coupling0/conditioner/layer0/bias [3] 16",
                        "coupling0/conditioner/output/weight [3, 6] 32",
                        "coupling0/conditioner/output/bias [6] 64",
                        "coupling0/scale [2] 80",
                        "coupling1/conditioner/layer0/weight [3, 3] 96",
                        "coupling1/conditioner/layer0/bias [3] 112",
                        "coupling1/conditioner/output/weight [3, 4] 128",
                        "coupling1/conditioner/output/bias [4] 144",
                        "coupling1/scale [3] 160",
                        "standardization/shift [5]",
                        "standardization/logScale [5]");
    }

    /** Checkpoints go by these names. */
    @Test
    void namesOfAMultiscaleFlowAreStable() {
        List<String> names = SmallFlows.multiscale(true, true, true).parameters().entries().stream()
                .map(entry -> entry.parameter().name() + " " + entry.parameter().shape())
                .filter(name -> !name.contains("block") && !name.contains("bias"))
                .toList();
        assertThat(names)
                .containsExactly(
                        "scale0/coupling0/norm/scale [1]",
                        "scale0/coupling0/conditioner/first/weight [3, 3, 1, 2]",
                        "scale0/coupling0/conditioner/output/weight [3, 3, 2, 2]",
                        "scale0/coupling0/scale [8]",
                        "scale0/coupling1/norm/scale [1]",
                        "scale0/coupling1/conditioner/first/weight [3, 3, 1, 2]",
                        "scale0/coupling1/conditioner/output/weight [3, 3, 2, 2]",
                        "scale0/coupling1/scale [8]",
                        "scale1/coupling0/norm/scale [4]",
                        "scale1/coupling0/mixing/factors [4, 4]",
                        "scale1/coupling0/conditioner/first/weight [3, 3, 2, 2]",
                        "scale1/coupling0/conditioner/output/weight [3, 3, 2, 4]",
                        "scale1/coupling0/scale [8]",
                        "scale1/base/conditioner/weight [3, 3, 2, 4]",
                        "scale1/coupling1/norm/scale [2]",
                        "scale1/coupling1/mixing/factors [2, 2]",
                        "scale1/coupling1/conditioner/first/weight [3, 3, 2, 2]",
                        "scale1/coupling1/conditioner/output/weight [3, 3, 2, 4]",
                        "scale1/coupling1/scale [4]",
                        "scale2/coupling0/norm/scale [8]",
                        "scale2/coupling0/mixing/factors [8, 8]",
                        "scale2/coupling0/conditioner/first/weight [3, 3, 4, 2]",
                        "scale2/coupling0/conditioner/output/weight [3, 3, 2, 8]",
                        "scale2/coupling0/scale [4]",
                        "scale2/coupling1/norm/scale [8]",
                        "scale2/coupling1/mixing/factors [8, 8]",
                        "scale2/coupling1/conditioner/first/weight [3, 3, 4, 2]",
                        "scale2/coupling1/conditioner/output/weight [3, 3, 2, 8]",
                        "scale2/coupling1/scale [4]");
    }

    @Test
    void termsOfSeveralScalesAreToldByScaleAndKind() {
        assertThat(SmallFlows.multiscale(true, true, true).metrics())
                .extracting(Metric::name)
                .containsExactly(
                        "log_likelihood",
                        "base_scale1",
                        "base_scale2",
                        "dequantization",
                        "logit",
                        "standardization",
                        "scale0_norm",
                        "scale0_checkerboard",
                        "scale1_norm",
                        "scale1_mixing",
                        "scale1_channel",
                        "scale1_base",
                        "scale1_checkerboard",
                        "scale2_norm",
                        "scale2_mixing",
                        "scale2_channel");
    }
}
