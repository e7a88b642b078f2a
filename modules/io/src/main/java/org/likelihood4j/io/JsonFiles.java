package org.likelihood4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two forms of JSON that a run writes, lines and pretty files, and how they are read back. Whoever has made a file, reading
 * it takes bounded memory, and loads no class: what a value becomes is decided by the record that it is read as.
 */
public final class JsonFiles {
    /** Nothing that a run writes is nested deeper than ten levels. */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(32)
            .maxNumberLength(100)
            .build();

    public static final JsonMapper LINE = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(LIMITS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
    public static final JsonMapper PRETTY =
            LINE.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonFiles() {}

    /**
     * A file to be read as a record.
     *
     * @param mostBytes a longer file is refused
     * @param what it should be, for the message: "a training state"
     * @param advice what to do if it is not
     */
    public record Source(Path file, int mostBytes, String what, String advice) {
        /**
         * Reads it.
         *
         * @param upgrade makes what an older version wrote into what this one reads
         * @throws RunException if the file cannot be read or is not such a record
         */
        public <T> T read(Class<T> type, Consumer<JsonNode> upgrade) {
            try {
                String text = SmallFiles.read(file, mostBytes);
                int line = lineOutOfRange(text);
                if (line > 0) {
                    throw refused("line " + line + ": a number or a character out of range", null);
                }
                JsonNode tree = LINE.readTree(text);
                if (!tree.isObject()) {
                    throw refused("not a mapping of keys to values", null);
                }
                upgrade.accept(tree);
                return LINE.treeToValue(tree, type);
            } catch (IOException e) {
                throw new RunException(file + ": cannot be read (" + IoReasons.of(e) + "); " + advice, e);
            } catch (JacksonException e) {
                throw refused(problem(e), e);
            }
        }

        private RunException refused(String problem, Exception cause) {
            return new RunException(file + ": not " + what + ": " + problem + "; " + advice, cause);
        }
    }

    /**
     * The line of the first number that no double holds, which would be read as infinite, or of the first half of a character; 0
     * if there is none. Neither could be written again.
     */
    private static int lineOutOfRange(String json) {
        try (JsonParser parser = LINE.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
                if ((token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue()))
                        || (text && !Printable.isUnicode(parser.getString()))) {
                    return parser.currentTokenLocation().getLineNr();
                }
            }
            return 0;
        }
    }

    /** What is wrong with a file, and where, without the names of classes. */
    private static String problem(JacksonException e) {
        String at = e.getPath().stream()
                .map(step -> step.getPropertyName() == null
                        ? "[" + step.getIndex() + "]"
                        : Printable.shorten(step.getPropertyName()))
                .collect(Collectors.joining("."));
        String line = e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? ""
                : "line " + e.getLocation().getLineNr() + ": ";
        if (e.getCause() instanceof IllegalArgumentException rule && rule.getMessage() != null) {
            return line + rule.getMessage();
        } else if (e instanceof UnrecognizedPropertyException) {
            return line + at + " is not known";
        } else if (e instanceof MismatchedInputException) {
            return line + (at.isEmpty() ? "" : at + " ") + "is missing or of another kind";
        } else if (e instanceof StreamConstraintsException) {
            return line + "deeper or longer than such a file may be";
        }
        return line + (e instanceof StreamReadException ? "not valid JSON" : "cannot be used");
    }
}
