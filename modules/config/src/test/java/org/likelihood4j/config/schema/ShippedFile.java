package org.likelihood4j.config.schema;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file of the repository that is made from the config's records. */
record ShippedFile(String path, String command) {
    /** Only the first difference is shown, for these files are long. */
    void requireSame(String made) throws IOException {
        List<String> shipped =
                Files.readString(Path.of("..", "..", path)).lines().toList();
        List<String> lines = made.lines().toList();
        for (int i = 0; i < Math.max(shipped.size(), lines.size()); i++) {
            String is = i < shipped.size() ? shipped.get(i) : "(the end)";
            String wanted = i < lines.size() ? lines.get(i) : "(the end)";
            if (!is.equals(wanted)) {
                fail(
                        "%s is of other records; write it anew: %s%nline %d is:    %s%nthe records say: %s",
                        path, command, i + 1, is, wanted);
            }
        }
    }
}
