package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/** The one native build on the class path is the one asked for, and it computes. */
class NativeBuildTest {

    @Test
    void exactlyOneNativeBuildIsOnTheClassPath() {
        String extension = System.getProperty("org.bytedeco.javacpp.platform.extension", "");
        assertThat(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(path -> new File(path).getName())
                        .filter(name -> name.matches("nd4j-native-\\d.*-linux-x86_64.*\\.jar")))
                .hasSize(1)
                .allMatch(name -> name.endsWith("linux-x86_64" + extension + ".jar"));
    }

    @Test
    void itMultipliesAndConvolves() {
        INDArray product = Nd4j.ones(DataType.FLOAT, 3, 4).mmul(Nd4j.ones(DataType.FLOAT, 4, 5));
        assertThat(product.sumNumber().doubleValue()).isEqualTo(60, within(1e-6));

        SameDiff graph = SameDiff.create();
        var image = graph.placeHolder("image", DataType.FLOAT, 1, 2, 5, 5);
        var kernel = graph.constant("kernel", Nd4j.ones(DataType.FLOAT, 3, 3, 2, 4));
        graph.cnn()
                .conv2d(
                        "features",
                        image,
                        kernel,
                        Conv2DConfig.builder().kH(3).kW(3).build());
        INDArray features = graph.output(Map.of("image", Nd4j.ones(DataType.FLOAT, 1, 2, 5, 5)), "features")
                .get("features");
        assertThat(features.shape()).containsExactly(1, 4, 3, 3);
        assertThat(features.minNumber().doubleValue()).isEqualTo(18, within(1e-6));
        assertThat(features.maxNumber().doubleValue()).isEqualTo(18, within(1e-6));
    }
}
