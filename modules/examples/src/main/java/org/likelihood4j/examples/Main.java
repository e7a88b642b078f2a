package org.likelihood4j.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.likelihood4j.score.files.ExportException;

/** {@code ./run.sh example NAME ...}: runs one of the examples. */
public final class Main {
    private record Example(String usage, int arguments, Body body) {}

    private interface Body {
        void run(String[] arguments, PrintStream out);
    }

    private static final Map<String, Example> EXAMPLES = new LinkedHashMap<>();

    static {
        EXAMPLES.put("glance", new Example("glance RUN", 1, (a, out) -> Glance.run(Path.of(a[0]), out)));
        EXAMPLES.put("tour", new Example("tour RUN", 1, (a, out) -> Tour.run(Path.of(a[0]), out)));
        EXAMPLES.put("anomalies", new Example("anomalies RUN", 1, (a, out) -> AnomalyScores.run(Path.of(a[0]), out)));
        EXAMPLES.put("latents", new Example("latents RUN", 1, (a, out) -> LatentClassifier.run(Path.of(a[0]), out)));
        EXAMPLES.put("serve", new Example("serve EXPORTS", 1, (a, out) -> serve(Path.of(a[0]), out)));
        EXAMPLES.put("own-data", new Example("own-data RUNS", 1, (a, out) -> OwnData.run(Path.of(a[0]), out)));
    }

    private Main() {}

    /** Until the process ends. */
    private static void serve(Path exports, PrintStream out) {
        try {
            out.println("http://localhost:" + new ScoringService(exports, 8080).port() + "/score");
        } catch (IOException e) {
            throw new ExportException("port 8080 cannot be had", e);
        }
    }

    public static void main(String[] arguments) {
        Example example = arguments.length == 0 ? null : EXAMPLES.get(arguments[0]);
        if (example == null || arguments.length != 1 + example.arguments()) {
            System.err.println("usage: ./run.sh example NAME ..., one of:");
            EXAMPLES.values().forEach(one -> System.err.println("  " + one.usage()));
            System.exit(2);
            return;
        }
        String[] rest = new String[example.arguments()];
        System.arraycopy(arguments, 1, rest, 0, rest.length);
        PrintStream out = System.out;
        // ND4J prints a line to standard output for every operation that it differentiates.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, Charset.defaultCharset()));
        try {
            example.body().run(rest, out);
        } catch (RuntimeException e) {
            if (!e.getClass().getName().startsWith("org.likelihood4j.")) {
                throw e;
            }
            System.err.println("error: " + e.getMessage());
            System.exit(1);
        }
    }
}
