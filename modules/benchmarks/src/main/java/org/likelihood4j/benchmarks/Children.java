package org.likelihood4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Carries out plans in processes of their own: how many threads the native libraries use is settled when they start. */
final class Children {
    /** A child ended badly, having said why on standard error. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    /** What libtorch says of a guard that DJL uses: true, and of no use to anyone here. */
    private static final String DEPRECATED = "AutoNonVariableTypeMode is deprecated";

    private Children() {}

    static Findings run(Plan plan) {
        try {
            Path folder = Files.createTempDirectory("likelihood4j-bench");
            Path in = folder.resolve("plan.json");
            Path out = folder.resolve("findings.json");
            try {
                Json.write(in, plan);
                Process child = start(plan, in, out);
                try (Stream<String> complaints = child.errorReader().lines()) {
                    complaints.filter(line -> !line.contains(DEPRECATED)).forEach(System.err::println);
                }
                int code = child.waitFor();
                if (code != 0) {
                    throw new FailedException("the process with " + plan.threads() + " thread(s) ended with exit code "
                            + code + "; nothing it measured counts");
                }
                return Json.read(out, Findings.class);
            } finally {
                Files.deleteIfExists(in);
                Files.deleteIfExists(out);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted");
        }
    }

    private static Process start(Plan plan, Path in, Path out) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--carry-out",
                in.toString(),
                out.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            environment.put(name, String.valueOf(plan.threads()));
        }
        // ND4J prints to standard output, which is the table's.
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }
}
