package org.likelihood4j.training.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.likelihood4j.io.protobuf.Protobuf;

/**
 * Records of an event file: an {@code Event} of TensorBoard's {@code event.proto} in the frame of a TFRecord,
 *
 * <pre>
 * uint64 length    uint32 masked CRC-32C of these 8 bytes    the event    uint32 masked CRC-32C of the event
 * </pre>
 *
 * all little-endian, where {@code masked(c) = rotate right(c, 15) + 0xa282ead8}: a plain sum over bytes that hold sums themselves
 * would be weak. A file begins with {@link #version}.
 */
public final class EventRecord {
    private static final int MASK = 0xa282ead8;
    /** The version whose readers drop, at {@link #restart}, what a training has thrown away. */
    private static final String VERSION = "brain.Event:2";

    private static final int SESSION_START = 1;

    private EventRecord() {}

    /** The first record of a file. */
    public static byte[] version(Instant time) {
        return record(event(time, 0).text(3, VERSION));
    }

    /** From here on, what was written for {@code step} and later ones, in this file and earlier ones, no longer counts. */
    public static byte[] restart(Instant time, long step) {
        return record(event(time, step).message(7, new Protobuf().integer(1, SESSION_START)));
    }

    /** Values of a step. */
    public static byte[] summary(Instant time, long step, List<? extends SummaryValue> values) {
        Protobuf summary = new Protobuf();
        values.forEach(value -> summary.message(1, value.message().text(1, value.tag())));
        return record(event(time, step).message(5, summary));
    }

    private static Protobuf event(Instant time, long step) {
        return new Protobuf()
                .number(1, time.getEpochSecond() + time.getNano() / 1e9)
                .integer(2, step);
    }

    private static byte[] record(Protobuf event) {
        byte[] data = event.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + data.length + 2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(checksum(record.array(), Long.BYTES)).put(data).putInt(checksum(data, data.length));
        return record.array();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }
}
