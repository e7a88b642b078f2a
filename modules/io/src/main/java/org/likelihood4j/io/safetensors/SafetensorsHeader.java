package org.likelihood4j.io.safetensors;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.likelihood4j.io.Printable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON header of a safetensors file:
 * {@code {"__metadata__": {key: text}, name: {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}}, where the
 * offsets count from the end of the header.
 *
 * @param entries in the order of their bytes, which they cover from 0 to the end without gap or overlap
 * @param metadata free text under free keys
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    /**
     * The longest. The format allows 100 MB, but a header takes up to 70 times its length in memory while it is read, and
     * that of the deepest model that a configuration can ask for has three quarters of this.
     */
    static final int MOST_BYTES = 1 << 22;

    private static final String METADATA = "__metadata__";
    private static final Set<String> ENTRY_KEYS = Set.of("dtype", "shape", "data_offsets");
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxNumberLength(20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One tensor's description; {@code begin} and {@code end} are its offsets in bytes. */
    record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {
        long bytes() {
            return end - begin;
        }
    }

    /** The header's bytes, padded with spaces so that the data behind it starts at a multiple of 8. */
    static byte[] format(List<Tensor> tensors, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject(METADATA);
            new TreeMap<>(metadata).forEach(node::put);
        }
        Set<String> names = new HashSet<>(Set.of(METADATA));
        long begin = 0;
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("the tensor name '" + tensor.name() + "' is already taken");
            }
            ObjectNode node =
                    root.putObject(tensor.name()).put("dtype", tensor.dtype().name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            long end = begin + tensor.data().remaining();
            node.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] json = JSON.writeValueAsBytes(root);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        if (padded.length > MOST_BYTES) {
            throw new IllegalArgumentException("the header would have " + padded.length + " bytes");
        }
        return padded;
    }

    /**
     * @param file for messages
     * @param json the header's bytes
     * @param dataBytes the number of bytes behind the header
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) throws SafetensorsException {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : readObject(file, json).properties()) {
            requireUnicode(file, property.getKey());
            if (property.getKey().equals(METADATA)) {
                readMetadata(file, property.getValue(), metadata);
            } else {
                entries.add(new EntryReader(file, property.getKey()).read(property.getValue(), dataBytes));
            }
        }
        // The format lets the header name the tensors in any order; by offset, gaps and overlaps show. Empty tensors
        // come before the one that starts where they stand.
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : entries) {
            if (entry.begin() != end) {
                throw new SafetensorsException(
                        file,
                        "tensor '" + Printable.shorten(entry.name()) + "': its bytes start at "
                                + entry.begin() + (entry.begin() < end ? ", overlapping" : ", leaving a gap after")
                                + " those before, which end at " + end);
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            throw new SafetensorsException(file, (dataBytes - end) + " bytes that belong to no tensor at its end");
        }
        return new SafetensorsHeader(entries, metadata);
    }

    private static ObjectNode readObject(Path file, byte[] json) throws SafetensorsException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            if (text.startsWith("{") && JSON.readTree(text) instanceof ObjectNode root) {
                return root;
            }
            throw new SafetensorsException(file, "not a safetensors file, its header is not a JSON object");
        } catch (CharacterCodingException e) {
            throw new SafetensorsException(file, "not a safetensors file, its header is not UTF-8");
        } catch (JacksonException e) {
            String reason = e.getOriginalMessage();
            if (reason != null && reason.startsWith("Duplicate")) {
                throw new SafetensorsException(file, "its header has a name twice");
            }
            throw new SafetensorsException(file, "its header is not valid JSON");
        }
    }

    private static void readMetadata(Path file, JsonNode node, Map<String, String> metadata)
            throws SafetensorsException {
        if (!node.isObject()) {
            throw new SafetensorsException(file, METADATA + " is not a JSON object");
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!property.getValue().isString()) {
                throw new SafetensorsException(
                        file, METADATA + ": the value of '" + Printable.shorten(property.getKey()) + "' is not text");
            }
            requireUnicode(file, property.getKey());
            requireUnicode(file, property.getValue().stringValue());
            metadata.put(property.getKey(), property.getValue().stringValue());
        }
    }

    private static void requireUnicode(Path file, String text) throws SafetensorsException {
        if (!Printable.isUnicode(text)) {
            throw new SafetensorsException(file, "its header has half a character: '" + Printable.shorten(text) + "'");
        }
    }

    /** Reads one tensor's description; its methods share the names for messages. */
    private record EntryReader(Path file, String name) {
        Entry read(JsonNode node, long dataBytes) throws SafetensorsException {
            if (!(node instanceof ObjectNode) || !ENTRY_KEYS.equals(Set.copyOf(node.propertyNames()))) {
                throw failure("expected exactly dtype, shape and data_offsets");
            }
            DType dtype = dtype(node.get("dtype"));
            List<Long> shape = numbers(node.get("shape"), "shape");
            List<Long> offsets = numbers(node.get("data_offsets"), "data_offsets");
            if (offsets.size() != 2) {
                throw failure("data_offsets must be two numbers");
            }
            long begin = offsets.get(0);
            long end = offsets.get(1);
            if (begin > end) {
                throw failure("data_offsets " + offsets + " end before they begin");
            }
            if (end > dataBytes) {
                throw failure("truncated, its bytes end at " + end + " but the file holds only " + dataBytes);
            }
            long bytes = Tensor.byteSize(dtype, shape);
            if (bytes < 0) {
                throw failure("shape " + Printable.shorten(shape.toString()) + " is larger than any file");
            }
            if (bytes != end - begin) {
                throw failure("shape " + Printable.shorten(shape.toString()) + " of " + dtype + " needs " + bytes
                        + " bytes, data_offsets " + offsets + " hold " + (end - begin));
            }
            if (bytes > Integer.MAX_VALUE - 8) {
                throw failure("has " + bytes + " bytes, more than the 2 GiB that can be read");
            }
            return new Entry(name, dtype, shape, begin, end);
        }

        private DType dtype(JsonNode node) throws SafetensorsException {
            for (DType dtype : DType.values()) {
                if (node.isString() && node.stringValue().equals(dtype.name())) {
                    return dtype;
                }
            }
            throw failure("type " + Printable.shorten(node.toString()) + " is not supported, only "
                    + Arrays.toString(DType.values()));
        }

        private List<Long> numbers(JsonNode node, String what) throws SafetensorsException {
            List<Long> numbers = new ArrayList<>();
            if (!node.isArray()) {
                throw failure(what + " is not a list of numbers");
            }
            for (JsonNode number : node) {
                if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                    throw failure(what + " may only hold whole numbers from 0 to 2^63 - 1");
                }
                numbers.add(number.longValue());
            }
            return numbers;
        }

        private SafetensorsException failure(String problem) {
            return new SafetensorsException(file, "tensor '" + Printable.shorten(name) + "': " + problem);
        }
    }
}
