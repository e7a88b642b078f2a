package org.likelihood4j.inference.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.RunException;
import org.likelihood4j.score.codes.BinaryCode;
import org.likelihood4j.score.codes.ImageComplexity;

/** What scores of outliers are made of: how many bits an image takes, and data that are no model's. */
class OutlierScoresTest {
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    private static double bits(double[] image) {
        ImageComplexity complexity = new ImageComplexity(SHAPE.height(), SHAPE.width());
        double bits = complexity.bits(image);
        complexity.close();
        return bits;
    }

    private static double[] image(IntToDoubleFunction pixel) {
        double[] image = new double[SHAPE.size()];
        Arrays.setAll(image, pixel);
        return image;
    }

    /** Noise has no shorter code than its 8 bits a pixel; what is simple has. */
    @Test
    void simplerImagesTakeFewerBits() {
        Random random = new Random(1);
        double noise = bits(image(i -> random.nextInt(256)));
        assertThat(noise).isBetween(8.0 * 784, 8.0 * 784 + 8 * 16);
        double blank = bits(image(i -> 120));
        double ramp = bits(image(i -> i % 28 * 7));
        double coins = bits(image(i -> random.nextBoolean() ? 255 : 0));
        assertThat(blank).isLessThan(ramp + 1).isLessThan(200);
        assertThat(ramp).isLessThan(400);
        // A bit each, and deflate's own.
        assertThat(coins).isBetween(784.0, 1.8 * 784);
    }

    /** Java's own PNG of the same image chooses its filters by a rule of thumb: it is longer, but not without end. */
    @Test
    void theBitsAreNoMoreThanThoseOfAPng() throws IOException {
        double[] image = image(i -> 127 + 100 * Math.sin(i % 28 / 5.0) * Math.cos(Math.floorDiv(i, 28) / 4.0));
        for (int i = 0; i < image.length; i++) {
            image[i] = Math.floor(image[i]);
        }
        BufferedImage picture = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < image.length; i++) {
            picture.getRaster().setSample(i % 28, i / 28, 0, (int) image[i]);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        assertThat(bits(image)).isBetween(0.4 * 8 * png.size(), 8.0 * png.size());
    }

    /** A code's lengths are those of a probability: over all images of a size it adds up to 1. */
    @ParameterizedTest
    @CsvSource({"1, 3, 3", "1, 1, 9", "3, 2, 2", "1, 5, 3"})
    void aBinaryCodeIsAProbability(int channels, int height, int width) {
        BinaryCode code = new BinaryCode(height, width);
        int size = channels * height * width;
        double sum = 0;
        for (int k = 0; k < 1 << size; k++) {
            double[] image = new double[size];
            for (int i = 0; i < size; i++) {
                image[i] = k >> i & 1;
            }
            sum += Math.pow(2, -code.bits(image));
        }
        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @Test
    void simplerBinaryImagesTakeFewerBits() {
        BinaryCode code = new BinaryCode(SHAPE.height(), SHAPE.width());
        Random random = new Random(1);
        double coins = code.bits(image(i -> random.nextInt(2)));
        double rare = code.bits(image(i -> random.nextInt(20) == 0 ? 1 : 0));
        double square = code.bits(image(i -> i / 28 > 9 && i / 28 < 18 && i % 28 > 9 && i % 28 < 18 ? 1 : 0));
        // The coins' own, and what it takes to see that there is no more to them; an entropy of 0.286 bits each.
        assertThat(coins).isBetween(784.0, 784.0 + 10);
        assertThat(rare).isBetween(0.7 * 0.286 * 784, 1.4 * 0.286 * 784);
        assertThat(square).isLessThan(130);
        assertThat(code.bits(image(i -> 0))).isLessThan(10);
    }

    private static ImageSet images() {
        byte[] pixels = new byte[50 * SHAPE.size()];
        new Random(2).nextBytes(pixels);
        int[] labels = new int[50];
        Arrays.setAll(labels, i -> i % 10);
        return new ImageSet(SHAPE, pixels, labels);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHUFFLED")
    void imagesAreMadeOfTheSameShapeAndLabels(GeneratedSet kind) {
        ImageSet own = images();
        Examples made = kind.from(own, 7);
        assertThat(made.size()).isEqualTo(50);
        assertThat(made.shape()).isEqualTo(SHAPE);
        assertThat(made.label(13)).isEqualTo(3);
        assertThat(made.sha256()).isEqualTo(kind.from(own, 7).sha256()).isNotEqualTo(own.sha256());
        assertThat(kind.from(own.withoutLabels(), 7).labelled()).isFalse();
        double[] first = made.values(0);
        switch (kind) {
            case INVERTED -> assertThat(first[5] + own.values(0)[5]).isEqualTo(255);
            case BLANK -> {
                assertThat(Arrays.stream(first).distinct()).hasSize(1);
                assertThat(first[0]).isNotEqualTo(made.values(1)[0]);
            }
            case BLACK -> assertThat(first).containsOnly(0);
            case TEXTURES -> {
                assertThat(Arrays.stream(first).min().orElseThrow()).isZero();
                assertThat(Arrays.stream(first).max().orElseThrow()).isEqualTo(255);
                // Neighbours are alike, as in no noise.
                double step = 0;
                for (int i = 1; i < 28; i++) {
                    step += Math.abs(first[i] - first[i - 1]) / 27;
                }
                assertThat(step).isLessThan(80);
            }
            default -> assertThat(Arrays.stream(first).average().orElseThrow()).isCloseTo(127.5, within(4 * 74.0 / 28));
        }
    }

    @Test
    void rowsLoseWhatTheirColumnsHaveToDoWithOneAnother() {
        VectorShape shape = new VectorShape(List.of(
                Column.ofNumbers("a"),
                Column.ofNumbers("b"),
                new Column("c", new ColumnKind.Category(List.of("x", "y", "z")))));
        double[] values = new double[3 * 600];
        Random random = new Random(3);
        for (int i = 0; i < 600; i++) {
            values[3 * i] = random.nextGaussian();
            values[3 * i + 1] = values[3 * i];
            values[3 * i + 2] = i % 3;
        }
        Table own = new Table(shape, values, new int[600]);
        Examples shuffled = GeneratedSet.SHUFFLED.from(own, 1);
        for (int column = 0; column < 3; column++) {
            assertThat(column(shuffled, column)).isNotEqualTo(column(own, column));
            assertThat(Arrays.stream(column(shuffled, column)).sorted().toArray())
                    .containsExactly(Arrays.stream(column(own, column)).sorted().toArray());
        }
        double[] a = column(shuffled, 0);
        double[] b = column(shuffled, 1);
        double product = 0;
        for (int i = 0; i < 600; i++) {
            product += a[i] * b[i] / 600;
        }
        assertThat(product).isCloseTo(0, within(4 / Math.sqrt(600)));
        double[] noise = column(GeneratedSet.NOISE.from(own, 1), 0);
        double range = Arrays.stream(column(own, 0)).max().orElseThrow();
        assertThat(Arrays.stream(noise).max().orElseThrow()).isLessThanOrEqualTo(range);
        assertThat(column(GeneratedSet.NOISE.from(own, 1), 2)).containsOnly(0, 1, 2);
        assertThatThrownBy(() -> GeneratedSet.BLANK.from(own, 1))
                .isInstanceOf(RunException.class)
                .hasMessage("there is no set 'blank' of rows; there are noise, shuffled");
    }

    private static double[] column(Examples set, int column) {
        double[] values = new double[set.size()];
        Arrays.setAll(values, i -> set.values(i)[column]);
        return values;
    }
}
