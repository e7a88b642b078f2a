package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImageSetTest {
    static final ImageShape SHAPE = new ImageShape(1, 2, 2);

    /** Image i has the pixels 4i, 4i + 1, ... and the label i modulo 10. */
    static ImageSet counting(int images) {
        byte[] pixels = new byte[images * 4];
        int[] labels = new int[images];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
            labels[i / 4] = i / 4 % 10;
        }
        return new ImageSet(SHAPE, pixels, labels);
    }

    @Test
    void givesPixelsAsUnsigned() {
        ImageSet set = new ImageSet(SHAPE, new byte[] {0, (byte) 255, (byte) 128, 1}, new int[] {3});
        assertThat(set.pixel(0, 1)).isEqualTo(255);
        assertThat(set.pixel(0, 2)).isEqualTo(128);
        assertThat(set.label(0)).isEqualTo(3);
        assertThatThrownBy(() -> set.pixel(0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.pixel(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void isImmutable() {
        byte[] pixels = new byte[4];
        int[] labels = new int[1];
        ImageSet set = new ImageSet(SHAPE, pixels, labels);
        pixels[0] = 9;
        labels[0] = 9;
        set.image(0)[1] = 9;
        assertThat(set.image(0)).containsOnly(0);
        assertThat(set.label(0)).isZero();
    }

    @Test
    void slicesAreWindows() {
        ImageSet slice = counting(10).slice(2, 8).slice(1, 3);
        assertThat(slice.size()).isEqualTo(2);
        assertThat(slice.label(0)).isEqualTo(3);
        assertThat(slice.image(1)).containsExactly(16, 17, 18, 19);
        assertThat(counting(10).slice(4, 4).size()).isZero();
        assertThatThrownBy(() -> slice.image(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.image(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.slice(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void fingerprintsDependOnShapePixelsAndLabels() {
        ImageSet set = counting(3);
        String print = set.sha256();
        assertThat(print).matches("[0-9a-f]{64}").isEqualTo(counting(3).sha256());
        assertThat(counting(5).slice(0, 3).sha256()).isEqualTo(print);
        assertThat(counting(4).sha256()).isNotEqualTo(print);
        assertThat(new ImageSet(new ImageShape(2, 1, 2), pixels(set), new int[] {0, 1, 2}).sha256())
                .isNotEqualTo(print);
        assertThat(new ImageSet(SHAPE, pixels(set), new int[] {0, 1, 3}).sha256())
                .isNotEqualTo(print);
        assertThat(set.slice(1, 1).sha256()).isNotEqualTo(print);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> new ImageSet(SHAPE, new byte[7], new int[2]))
                .isInstanceOf(DataException.class)
                .hasMessage("image set: 2 labels and shape 1x2x2 need 8 pixel bytes, but there are 7");
        assertThatThrownBy(() -> new ImageSet(SHAPE, new byte[4], new int[] {-1}))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> new ImageShape(1, 0, 2)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> new ImageShape(3, 40_000, 40_000)).isInstanceOf(DataException.class);
        ImageSet other = new ImageSet(new ImageShape(1, 1, 4), new byte[4], new int[1]);
        assertThatThrownBy(() -> new Splits(counting(1), counting(1), other)).isInstanceOf(DataException.class);
    }

    private static byte[] pixels(ImageSet set) {
        byte[] pixels = new byte[set.size() * 4];
        for (int i = 0; i < set.size(); i++) {
            set.copyPixels(i, pixels, i * 4);
        }
        return pixels;
    }
}
