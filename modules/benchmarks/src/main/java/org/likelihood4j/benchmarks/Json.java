package org.likelihood4j.benchmarks;

import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Records as JSON, in files or in lines. */
final class Json {
    private static final JsonMapper LINES = JsonMapper.builder().build();
    private static final JsonMapper FILES =
            LINES.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    static void write(Path file, Object value) {
        FILES.writeValue(file, value);
    }

    static String line(Object value) {
        return LINES.writeValueAsString(value);
    }

    static <T> T parse(String line, Class<T> type) {
        return LINES.readValue(line, type);
    }
}
