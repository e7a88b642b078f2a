package org.likelihood4j.config.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of keys in README.md. */
final class ReadmeKeys {
    private static final Pattern KEY = Pattern.compile("`([A-Za-z.]+)`");

    private ReadmeKeys() {}

    /** Each key with its whole row; {@code training.validateEvery, imagesEvery} are two keys of the section training. */
    static Map<String, String> rows(Path readme) throws IOException {
        List<String> lines = Files.readAllLines(readme);
        int from = lines.indexOf("| key | default | meaning |");
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : lines.subList(from + 2, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            String cell = line.split("\\|", -1)[1];
            Matcher keys = KEY.matcher(cell);
            String section = "";
            while (keys.find()) {
                String key = keys.group(1);
                if (key.contains(".")) {
                    section = key.substring(0, key.lastIndexOf('.') + 1);
                } else {
                    key = section + key;
                }
                rows.put(key, line);
            }
        }
        return rows;
    }

    /** The row of a key, or of the nearest section that it is in. */
    static String rowOf(String key, Map<String, String> rows) {
        for (String at = key; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
            if (rows.containsKey(at)) {
                return rows.get(at);
            }
        }
        return null;
    }
}
