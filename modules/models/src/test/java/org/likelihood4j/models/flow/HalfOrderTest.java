package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.EventShape;

/** Orders of pixels and of columns, and the halves that they make. */
class HalfOrderTest {
    @Test
    void pixelOrdersSplitAsTheySay() {
        assertThat(HalfOrder.CHECKERBOARD.order(EventShape.image(2, 4, 1))).containsExactly(0, 2, 5, 7, 1, 3, 4, 6);
        assertThat(HalfOrder.COLUMNS.order(EventShape.image(2, 3, 1))).containsExactly(0, 2, 3, 5, 1, 4);
        assertThat(HalfOrder.HALVES.order(EventShape.image(3, 1, 2))).containsExactly(0, 1, 3, 4, 2, 5);
        assertThat(HalfOrder.CHECKERBOARD.order(EventShape.image(2, 2, 2))).containsExactly(0, 3, 5, 6, 1, 2, 4, 7);
        assertThat(HalfOrder.COLUMNS.firstHalf(EventShape.image(2, 3, 1))).isEqualTo(4);
        assertThat(HalfOrder.HALVES.firstHalf(EventShape.image(3, 1, 2))).isEqualTo(4);
        assertThat(HalfOrder.CHECKERBOARD.firstHalf(EventShape.image(3, 3, 1))).isEqualTo(5);
        assertThat(HalfOrder.HALVES.order(EventShape.row(5))).containsExactly(0, 1, 2, 3, 4);
        assertThat(HalfOrder.HALVES.firstHalf(EventShape.row(5))).isEqualTo(3);
        for (HalfOrder order : List.of(HalfOrder.CHECKERBOARD, HalfOrder.COLUMNS)) {
            assertThat(order.order(EventShape.row(5))).containsExactly(0, 2, 4, 1, 3);
            assertThat(order.firstHalf(EventShape.row(5))).isEqualTo(3);
        }
        assertThat(HalfOrder.HALVES.splits(EventShape.row(1))).isFalse();
    }
}
