package org.likelihood4j.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private static final long KEY = CounterRandom.key(42, "test");
    private static final int MANY = 1_000_000;

    @Test
    void bitsAreSplitMix64() {
        // The first outputs of the reference implementation (Vigna, splitmix64.c) from state 1234567.
        String[] expected = {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        };
        for (int i = 0; i < expected.length; i++) {
            assertThat(Long.toUnsignedString(CounterRandom.bits(1234567, i))).isEqualTo(expected[i]);
        }
    }

    @Test
    void keysAndNormalsKeepTheirBits() {
        // Found by running this code once. If they change, old runs cannot be resumed or repeated.
        double[] normals = new double[2];
        CounterRandom.fillNormal(KEY, normals, 0, 2);
        assertThat(Long.toHexString(KEY)).isEqualTo("62b742efb8a7cf31");
        assertThat(Long.toHexString(CounterRandom.key(KEY, 3))).isEqualTo("636766d996dca82b");
        assertThat(Double.toHexString(normals[0])).isEqualTo("-0x1.c44a517a8a72cp-3");
        assertThat(Double.toHexString(normals[1])).isEqualTo("-0x1.541f9d7315a4ap-2");
    }

    @Test
    void differentChainsGiveDifferentKeys() {
        Set<Long> keys = new HashSet<>();
        int made = 0;
        for (long seed = 0; seed < 4; seed++) {
            for (String purpose : new String[] {"", "a", "b", "ab", "ba", "noise"}) {
                for (long a = -8; a < 8; a++) {
                    for (long b = -8; b < 8; b++) {
                        long key = CounterRandom.key(seed, purpose);
                        keys.add(CounterRandom.key(CounterRandom.key(key, a), b));
                        made++;
                    }
                }
            }
        }
        assertThat(keys).hasSize(made);
    }

    @Test
    void neighbouringKeysAreUncorrelated() {
        double[] left = new double[MANY];
        double[] right = new double[MANY];
        for (long part = 0; part < 3; part++) {
            CounterRandom.fillUniform(CounterRandom.key(KEY, part), left, 0, MANY);
            CounterRandom.fillUniform(CounterRandom.key(KEY, part + 1), right, 0, MANY);
            double product = 0;
            for (int i = 0; i < MANY; i++) {
                product += (left[i] - 0.5) * (right[i] - 0.5) * 12;
            }
            assertThat(product / MANY).isCloseTo(0, within(5 / Math.sqrt(MANY)));
        }
    }

    @Test
    void uniformsHaveTheMomentsOfTheUniformDistribution() {
        double[] values = new double[MANY];
        CounterRandom.fillUniform(KEY, values, 0, MANY);
        double mean = 0;
        double square = 0;
        for (double value : values) {
            assertThat(value >= 0 && value < 1).isTrue();
            mean += value / MANY;
            square += value * value / MANY;
        }
        // 5 standard errors: Var x = 1/12, Var x^2 = 4/45.
        assertThat(mean).isCloseTo(0.5, within(5 * Math.sqrt(1 / 12.0 / MANY)));
        assertThat(square).isCloseTo(1 / 3.0, within(5 * Math.sqrt(4 / 45.0 / MANY)));
        assertThat(values[7]).isEqualTo(CounterRandom.uniform(KEY, 7));
    }

    @Test
    void floatUniformsAreTheUpperBitsOfTheDoubles() {
        float[] floats = new float[MANY];
        double[] doubles = new double[MANY];
        CounterRandom.fillUniform(KEY, floats, 0, MANY);
        CounterRandom.fillUniform(KEY, doubles, 0, MANY);
        for (int i = 0; i < MANY; i++) {
            assertThat(floats[i] < 1 && floats[i] <= doubles[i] && doubles[i] - floats[i] < 0x1p-24)
                    .isTrue();
        }
    }

    @Test
    void normalsHaveTheMomentsOfTheNormalDistribution() {
        double[] values = new double[MANY];
        CounterRandom.fillNormal(KEY, values, 0, MANY);
        double[] moments = new double[5];
        double pairs = 0;
        for (int i = 0; i < MANY; i++) {
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(values[i], power) / MANY;
            }
            pairs += i % 2 == 1 ? values[i] * values[i - 1] / (MANY / 2) : 0;
        }
        // 5 standard errors: Var x^k = E x^2k - (E x^k)^2 = 1, 2, 15, 96.
        double error = 5 / Math.sqrt(MANY);
        assertThat(moments[1]).isCloseTo(0, within(error));
        assertThat(moments[2]).isCloseTo(1, within(error * Math.sqrt(2)));
        assertThat(moments[3]).isCloseTo(0, within(error * Math.sqrt(15)));
        assertThat(moments[4]).isCloseTo(3, within(error * Math.sqrt(96)));
        assertThat(pairs).isCloseTo(0, within(error * Math.sqrt(2)));
    }

    @Test
    void floatNormalsAreTheRoundedDoubles() {
        float[] floats = new float[101];
        double[] doubles = new double[101];
        CounterRandom.fillNormal(KEY, floats, 0, 101);
        CounterRandom.fillNormal(KEY, doubles, 0, 101);
        for (int i = 0; i < 101; i++) {
            assertThat(floats[i]).isEqualTo((float) doubles[i]);
        }
    }

    @Test
    void aShorterFillIsTheBeginningOfALongerOne() {
        double[] all = new double[9];
        double[] some = new double[9];
        CounterRandom.fillNormal(KEY, all, 0, 9);
        CounterRandom.fillNormal(KEY, some, 2, 5);
        assertThat(some[0]).isZero();
        assertThat(some[7]).isZero();
        for (int i = 0; i < 5; i++) {
            assertThat(some[2 + i]).isEqualTo(all[i]);
        }
    }

    @Test
    void belowIsUniform() {
        int bound = 7;
        int[] counts = new int[bound];
        for (int i = 0; i < MANY; i++) {
            counts[CounterRandom.below(KEY, i, bound)]++;
        }
        double expected = MANY / (double) bound;
        for (int count : counts) {
            assertThat((double) count).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
    }

    @Test
    void belowRedrawsRatherThanFavourSomeNumbers() {
        // A quarter of all first draws is rejected at this bound. Without that, multiples of 3 would come twice as
        // often.
        int bound = 3 << 29;
        int multiples = 0;
        for (int i = 0; i < MANY; i++) {
            int value = CounterRandom.below(KEY, i, bound);
            assertThat(value).isBetween(0, bound - 1);
            multiples += value % 3 == 0 ? 1 : 0;
        }
        double third = MANY / 3.0;
        assertThat((double) multiples).isCloseTo(third, within(5 * Math.sqrt(third)));
        assertThat(CounterRandom.below(KEY, 0, 1)).isZero();
        assertThatThrownBy(() -> CounterRandom.below(KEY, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fillsStayWithinTheArray() {
        assertThatThrownBy(() -> CounterRandom.fillNormal(KEY, new float[3], 1, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
