package org.likelihood4j.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EventShapeTest {
    @Test
    void sizesAndTexts() {
        assertThat(EventShape.row(5).size()).isEqualTo(5);
        assertThat(EventShape.row(5)).hasToString("5");
        assertThat(EventShape.image(28, 14, 3).size()).isEqualTo(28 * 14 * 3);
        assertThat(EventShape.image(28, 14, 3)).hasToString("28x14x3");
        assertThat(EventShape.image(1, 1, 5)).isNotEqualTo(EventShape.row(5));
    }

    /** The order of {@code [C, H, W]}. */
    @Test
    void positionsOfAnImageFollowItsStoredBytes() {
        EventShape.Image image = EventShape.image(2, 3, 4);
        int next = 0;
        for (int c = 0; c < 4; c++) {
            for (int y = 0; y < 2; y++) {
                for (int x = 0; x < 3; x++) {
                    assertThat(image.position(y, x, c)).isEqualTo(next++);
                }
            }
        }
    }

    /** The order of {@code [H, W, C]}. */
    @Test
    void positionsOfAMapKeepThePlacesChannelsTogether() {
        EventShape.FeatureMap map = EventShape.featureMap(2, 3, 4);
        int next = 0;
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                for (int c = 0; c < 4; c++) {
                    assertThat(map.position(y, x, c)).isEqualTo(next++);
                }
            }
        }
        assertThat(map.size()).isEqualTo(next);
        assertThat(map.places()).isEqualTo(6);
        assertThat(map).hasToString("map 2x3x4").isNotEqualTo(EventShape.image(2, 3, 4));
        assertThat(map.withChannels(1)).isEqualTo(EventShape.featureMap(2, 3, 1));
    }

    @Test
    void whatIsNoShapeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventShape.row(0))
                .withMessage("a row must have at least 1 number, had 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventShape.image(2, 0, 1))
                .withMessage("height, width and channels must be at least 1, were 2, 0 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventShape.featureMap(2, 1, 0))
                .withMessage("height, width and channels must be at least 1, were 2, 1 and 0");
        assertThatThrownBy(() -> EventShape.image(1 << 16, 1 << 16, 1)).isInstanceOf(ArithmeticException.class);
    }
}
