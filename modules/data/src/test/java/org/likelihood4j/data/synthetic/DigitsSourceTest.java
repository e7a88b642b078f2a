package org.likelihood4j.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;

class DigitsSourceTest {
    private static final int PIXELS = 28 * 28;

    @Test
    void thePicturesAreTheSameOnEveryMachine() {
        Splits splits = new DigitsSource(200, 0, 100, 1).load(ProgressListener.none());
        // If this changes on purpose, raise DigitPainter.VERSION: old runs saw other pictures.
        assertThat(splits.train().sha256())
                .isEqualTo("7ef995c61fcac320b9aab2c950d6bad9a109bba5e21d13bdcda336a11628d0cd");
        assertThat(splits.test().sha256())
                .isEqualTo("42ddfdd326acbae13c567256f31adde0a789729bd584e884c5956b755a80f109");
    }

    @Test
    void anImageDependsOnItsIndexAlone() {
        ImageSet parallel = (ImageSet)
                new DigitsSource(1000, 0, 0, 5).load(ProgressListener.none()).train();
        DigitPainter painter = new DigitPainter(5);
        byte[] image = new byte[PIXELS];
        for (int i = 999; i >= 0; i--) {
            assertThat(painter.paint(0, i, image, 0)).isEqualTo(parallel.label(i));
            assertThat(image).isEqualTo(parallel.image(i));
        }
        ImageSet fewer = (ImageSet)
                new DigitsSource(300, 50, 70, 5).load(ProgressListener.none()).train();
        assertThat(fewer.sha256()).isEqualTo(parallel.slice(0, 300).sha256());
    }

    @Test
    void splitsAndSeedsDiffer() {
        Splits splits = new DigitsSource(50, 50, 50, 5).load(ProgressListener.none());
        String train = splits.train().sha256();
        assertThat(train)
                .isNotEqualTo(splits.validation().sha256())
                .isNotEqualTo(splits.test().sha256());
        assertThat(splits.validation().sha256()).isNotEqualTo(splits.test().sha256());
        assertThat(new DigitsSource(50, 0, 0, 6)
                        .load(ProgressListener.none())
                        .train()
                        .sha256())
                .isNotEqualTo(train);
    }

    @Test
    void theyLookLikeMnistInNumbers() {
        ImageSet set = (ImageSet)
                new DigitsSource(5000, 0, 0, 2).load(ProgressListener.none()).train();
        int[] counts = new int[10];
        double sum = 0;
        for (int i = 0; i < set.size(); i++) {
            counts[set.label(i)]++;
            double mass = 0;
            double x = 0;
            double y = 0;
            int brightest = 0;
            for (int p = 0; p < PIXELS; p++) {
                int value = set.pixel(i, p);
                mass += value;
                int row = p / 28;
                x += value * (p - 28 * row + 0.5);
                y += value * (row + 0.5);
                brightest = Math.max(brightest, value);
            }
            sum += mass;
            assertThat(brightest).as("image %d", i).isBetween(150, 255);
            assertThat(mass / 255).as("ink of image %d", i).isBetween(12.0, 300.0);
            assertThat(x / mass).as("centre of image %d", i).isBetween(12.0, 16.0);
            assertThat(y / mass).as("centre of image %d", i).isBetween(12.0, 16.0);
        }
        for (int count : counts) {
            assertThat(count).isBetween(500 - 5 * 22, 500 + 5 * 22); // 5 standard deviations
        }
        assertThat(sum / 255 / PIXELS / set.size()).isBetween(0.11, 0.15); // MNIST: 0.131
    }

    @Test
    void reportsProgress() {
        List<Long> done = new ArrayList<>();
        new DigitsSource(600, 0, 100, 5).load((what, images, total) -> {
            assertThat(what).isEqualTo("drawing digits");
            assertThat(total).isEqualTo(700);
            done.add(images);
        });
        assertThat(done).isSorted().endsWith(700L);
    }

    @Test
    void describesItselfAndRefusesNonsense() {
        assertThat(new DigitsSource(10, 2, 3, 7).describe())
                .isEqualTo("digits (painted, version 1, seed 7): 10 training, 2 validation, 3 test images of 1x28x28");
        assertThatThrownBy(() -> new DigitsSource(0, 0, 0, 7))
                .isInstanceOf(DataException.class)
                .hasMessage("data.train must be 1 to 2739136 for digits, was 0");
        assertThatThrownBy(() -> new DigitsSource(1, 0, 3_000_000, 7)).isInstanceOf(DataException.class);
    }
}
