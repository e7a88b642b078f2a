package org.likelihood4j.cli.options;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.io.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people which of their data were left out because they could not be read. */
public final class LeftOut {
    private static final Logger LOG = LoggerFactory.getLogger(LeftOut.class);
    private static final int MOST_LINES = 10;

    private LeftOut() {}

    /** The first ones, and how many there are. */
    public static void tell(Splits data, Console console) {
        List<String> lines = data.leftOut();
        if (lines.isEmpty()) {
            return;
        }
        console.warning(lines.size() + " files cannot be read and are left out; " + used(data));
        lines.stream().limit(MOST_LINES).forEach(line -> console.line("  " + line));
        if (lines.size() > MOST_LINES) {
            console.line("  and " + (lines.size() - MOST_LINES) + " more");
        }
    }

    private static String used(Splits data) {
        int[] counts = new int[data.classes().size()];
        int all = 0;
        for (Examples part : List.of(data.train(), data.validation(), data.test())) {
            all += part.size();
            for (int i = 0; i < part.size() && counts.length > 0; i++) {
                counts[part.label(i)]++;
            }
        }
        String classes = counts.length == 0 || counts.length > MOST_LINES
                ? ""
                : IntStream.range(0, counts.length)
                        .mapToObj(i -> Printable.item(data.classes().get(i)) + " " + counts[i])
                        .collect(Collectors.joining(", ", " (", ")"));
        return all + " are used" + classes;
    }

    /** All of them, for the run's log. */
    public static void log(Splits data) {
        data.leftOut().forEach(line -> LOG.debug("left out: {}", line));
    }
}
