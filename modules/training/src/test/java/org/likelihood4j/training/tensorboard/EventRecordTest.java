package org.likelihood4j.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of event files, read back by another library, and histograms against plain counting. */
class EventRecordTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L, 250_000_000);

    /** By tensorboard 2.21.0: {@code RecordWriter} and {@code Event(wall_time=1700000000.25, file_version="brain.Event:2")}. */
    private static final String FIRST_RECORD =
            "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9";

    @Test
    void theFirstRecordIsTensorBoardsOwn() {
        assertThat(HexFormat.of().formatHex(EventRecord.version(TIME))).isEqualTo(FIRST_RECORD);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_384, 5_000_000_000L, Long.MAX_VALUE})
    void stepsAndTimesAreReadBack(long step) throws InvalidProtocolBufferException {
        DynamicMessage event = only(EventRecord.restart(TIME, step));
        assertThat(EventReader.field(event, "step")).isEqualTo(step);
        assertThat(EventReader.field(event, "wall_time")).isEqualTo(1_700_000_000.25);
        assertThat(EventReader.field(EventReader.field(event, "session_log"), "status"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 1.5, 1e-42, 1e300, Double.NaN, Double.NEGATIVE_INFINITY})
    void numbersAreFloats(double value) throws InvalidProtocolBufferException {
        DynamicMessage event = only(EventRecord.summary(TIME, 3, List.of(new SummaryValue.Scalar("größe/x", value))));
        Object read = ((List<?>) EventReader.field(EventReader.field(event, "summary"), "value")).get(0);
        assertThat(EventReader.field(read, "tag")).isEqualTo("größe/x");
        assertThat(EventReader.field(read, "simple_value")).isEqualTo((float) value);
    }

    private static DynamicMessage only(byte[] record) throws InvalidProtocolBufferException {
        List<DynamicMessage> events = EventReader.events(record);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    static List<double[]> samples() {
        Random random = new Random(4);
        return List.of(
                random.doubles(5000, -3, 7).toArray(),
                DoubleStream.generate(random::nextGaussian).limit(3000).toArray(),
                new double[] {2.5},
                new double[] {1, 1, 1, 1},
                new double[] {-1e308, 0, 1e308},
                new double[] {Double.NaN, 3, Double.POSITIVE_INFINITY, 4, 5},
                new double[] {0, Double.MIN_VALUE},
                new double[] {1, Math.nextUp(1.0)});
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aHistogramCountsEveryFiniteValueWhereItIs(double[] sample) {
        double[] finite =
                DoubleStream.of(sample).filter(Double::isFinite).sorted().toArray();
        Histogram histogram = Histogram.of(sample).orElseThrow();
        assertThat(histogram.min()).isEqualTo(finite[0]);
        assertThat(histogram.max()).isEqualTo(finite[finite.length - 1]);
        assertThat(histogram.count()).isEqualTo(finite.length);
        assertThat(histogram.sum()).isCloseTo(DoubleStream.of(finite).sum(), within(1e-9 * finite.length));
        assertThat(DoubleStream.of(histogram.counts()).sum()).isEqualTo(finite.length);
        assertThat(histogram.limits()).hasSameSizeAs(histogram.counts()).isSorted();
        assertThat(histogram.limits()[histogram.limits().length - 1]).isEqualTo(histogram.max());
        double below = 0;
        for (int i = 0; i < histogram.limits().length - 1; i++) {
            below += histogram.counts()[i];
            // A value at an end may be on either side of it, by rounding.
            double end = histogram.limits()[i];
            double slack = Math.ulp(end) + 1e-12 * Math.abs(end);
            assertThat(below)
                    .isBetween(
                            (double) DoubleStream.of(finite)
                                    .filter(v -> v < end - slack)
                                    .count(),
                            (double) DoubleStream.of(finite)
                                    .filter(v -> v <= end + slack)
                                    .count());
        }
    }

    @Test
    void nothingFiniteIsNoHistogram() {
        assertThat(Histogram.of(new double[0])).isEmpty();
        assertThat(Histogram.of(new double[] {Double.NaN, Double.NEGATIVE_INFINITY}))
                .isEmpty();
    }

    @Test
    void whatIsNoPngIsNoPicture() {
        assertThat(Png.of(new byte[0])).isEmpty();
        assertThat(Png.of("GIF89a, and then some more bytes".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEmpty();
    }
}
