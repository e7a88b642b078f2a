package org.likelihood4j.benchmarks.work;

import java.util.List;
import java.util.stream.Stream;

/** The workloads by name. */
public final class Workloads {
    /** Ours compared with itself. */
    public static final String DIAGNOSTICS = "diagnostics";

    private Workloads() {}

    public static List<String> names() {
        return Stream.concat(Workload.all().stream().map(Workload::name), Stream.of(DIAGNOSTICS))
                .toList();
    }

    public static Workload named(String name) {
        if (name.equals(DIAGNOSTICS)) {
            return Workload.Vae.shipped(true);
        }
        return Workload.all().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload named " + name));
    }

    /** One line for the table's head. */
    public static String description(String name) {
        return named(name).description();
    }
}
