package org.likelihood4j.training.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads event files without a line of the writer's: frames with a CRC-32C computed bit by bit, messages with Google's library and
 * TensorBoard's schema.
 */
public final class EventReader {
    /** Of TensorBoard's event.proto and summary.proto, what is used. */
    private static final String SCHEMA = """
            name: "event.proto" syntax: "proto3"
            message_type { name: "Event"
              field { name: "wall_time" number: 1 type: TYPE_DOUBLE }
              field { name: "step" number: 2 type: TYPE_INT64 }
              field { name: "file_version" number: 3 type: TYPE_STRING }
              field { name: "summary" number: 5 type: TYPE_MESSAGE type_name: ".Summary" }
              field { name: "session_log" number: 7 type: TYPE_MESSAGE type_name: ".SessionLog" } }
            message_type { name: "SessionLog"
              field { name: "status" number: 1 type: TYPE_INT32 } }
            message_type { name: "Summary"
              field { name: "value" number: 1 type: TYPE_MESSAGE label: LABEL_REPEATED type_name: ".Value" } }
            message_type { name: "Value"
              field { name: "tag" number: 1 type: TYPE_STRING }
              field { name: "simple_value" number: 2 type: TYPE_FLOAT oneof_index: 0 }
              field { name: "image" number: 4 type: TYPE_MESSAGE type_name: ".Image" oneof_index: 0 }
              field { name: "histo" number: 5 type: TYPE_MESSAGE type_name: ".HistogramProto" oneof_index: 0 }
              oneof_decl { name: "value" } }
            message_type { name: "Image"
              field { name: "height" number: 1 type: TYPE_INT32 }
              field { name: "width" number: 2 type: TYPE_INT32 }
              field { name: "colorspace" number: 3 type: TYPE_INT32 }
              field { name: "encoded_image_string" number: 4 type: TYPE_BYTES } }
            message_type { name: "HistogramProto"
              field { name: "min" number: 1 type: TYPE_DOUBLE }
              field { name: "max" number: 2 type: TYPE_DOUBLE }
              field { name: "num" number: 3 type: TYPE_DOUBLE }
              field { name: "sum" number: 4 type: TYPE_DOUBLE }
              field { name: "sum_squares" number: 5 type: TYPE_DOUBLE }
              field { name: "bucket_limit" number: 6 type: TYPE_DOUBLE label: LABEL_REPEATED }
              field { name: "bucket" number: 7 type: TYPE_DOUBLE label: LABEL_REPEATED } }
            """;

    private static final Descriptors.Descriptor EVENT = schema().findMessageTypeByName("Event");

    private EventReader() {}

    /** A value with its step; {@code value} is a Float, or a message. */
    public record Point(long step, String tag, Object value) {
        public Object get(String field) {
            return field(value, field);
        }
    }

    private static FileDescriptor schema() {
        try {
            FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
            TextFormat.merge(SCHEMA, file);
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (TextFormat.ParseException | Descriptors.DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Object field(Object message, String name) {
        DynamicMessage dynamic = (DynamicMessage) message;
        return dynamic.getField(dynamic.getDescriptorForType().findFieldByName(name));
    }

    /** The events of a file. A record that is cut off ends it, as it does for TensorBoard. */
    public static List<DynamicMessage> events(byte[] file) throws InvalidProtocolBufferException {
        List<DynamicMessage> events = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= 12) {
            int at = in.position();
            long length = in.getLong();
            require(in.getInt() == masked(file, at, 8), "checksum of a length");
            if (in.remaining() < length + 4) {
                break;
            }
            byte[] data = new byte[Math.toIntExact(length)];
            in.get(data);
            require(in.getInt() == masked(data, 0, data.length), "checksum of an event");
            DynamicMessage event = DynamicMessage.parseFrom(EVENT, data);
            require(event.getUnknownFields().asMap().isEmpty(), "unknown fields");
            events.add(event);
        }
        return events;
    }

    /** What a folder's files say in the end: a session's start drops all that had been said of its step and later ones. */
    public static List<Point> points(Path folder) throws IOException {
        List<Point> points = new ArrayList<>();
        for (Path file : files(folder)) {
            List<DynamicMessage> events = events(Files.readAllBytes(file));
            require(field(events.get(0), "file_version").equals("brain.Event:2"), "version");
            for (DynamicMessage event : events) {
                long step = (long) field(event, "step");
                if (field(field(event, "session_log"), "status").equals(1)) {
                    points.removeIf(point -> point.step() >= step);
                }
                for (Object value : (List<?>) field(field(event, "summary"), "value")) {
                    points.add(point(step, (DynamicMessage) value));
                }
            }
        }
        return points;
    }

    private static Point point(long step, DynamicMessage value) {
        Descriptors.FieldDescriptor kind = value.getOneofFieldDescriptor(
                value.getDescriptorForType().getOneofs().get(0));
        return new Point(step, (String) field(value, "tag"), value.getField(kind));
    }

    /** In the order in which TensorBoard reads them. */
    public static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("tfevents"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(Object message, String name) {
        return ((ByteString) field(message, name)).toByteArray();
    }

    private static int masked(byte[] bytes, int from, int length) {
        int crc = -1;
        for (int i = from; i < from + length; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (0x82F63B78 & -(crc & 1));
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not as it should be: " + what);
        }
    }
}
