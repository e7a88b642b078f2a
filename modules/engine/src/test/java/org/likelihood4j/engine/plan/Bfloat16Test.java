package org.likelihood4j.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against all numbers that there are. */
class Bfloat16Test {
    private static final int COUNT = 1 << 16;

    @Test
    void bitsAndNumbersAreOneToOne() {
        for (int bits = 0; bits < COUNT; bits++) {
            float value = Bfloat16.value((short) bits);
            assertThat(Float.compare(Bfloat16.round(value), value)).isZero();
            if (!Float.isNaN(value)) {
                assertThat(Bfloat16.bits(value)).isEqualTo((short) bits);
            }
        }
    }

    /** Between two neighbours of the same sign: the nearer one, in the middle the one with an even last bit. */
    @Test
    void theNearestNumberIsTaken() {
        Random random = new Random(1);
        for (int bits = 0; bits < 0x7f80; bits++) {
            double low = Bfloat16.value((short) bits);
            // What comes behind the largest one, if the exponents went on.
            double high = bits == 0x7f7f ? 0x1p128 : Bfloat16.value((short) (bits + 1));
            float middle = (float) ((low + high) / 2);
            float even = Bfloat16.value((short) (bits % 2 == 0 ? bits : bits + 1));
            assertThat(Bfloat16.round(middle)).isEqualTo(even);
            assertThat(Bfloat16.round(-middle)).isEqualTo(-even);
            float any = (float) (low + random.nextDouble() * (high - low));
            float nearest = any < middle ? (float) low : any > middle ? Bfloat16.value((short) (bits + 1)) : even;
            assertThat(Bfloat16.round(any)).as("%s", any).isEqualTo(nearest);
            assertThat(Bfloat16.round(-any)).isEqualTo(-nearest);
        }
    }

    @Test
    void whatIsNotANumberStaysSo() {
        for (int bits : new int[] {0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000}) {
            assertThat(Bfloat16.round(Float.intBitsToFloat(bits))).isNaN();
        }
        assertThat(Bfloat16.round(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    }
}
