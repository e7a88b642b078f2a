package org.likelihood4j.benchmarks;

import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Records as JSON files. */
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    static void write(Path file, Object value) {
        MAPPER.writeValue(file, value);
    }

    static <T> T read(Path file, Class<T> type) {
        return MAPPER.readValue(file, type);
    }
}
