package org.likelihood4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** The workloads by name. */
final class Workloads {
    /** Ours compared with itself. */
    static final String DIAGNOSTICS = "diagnostics";

    private Workloads() {}

    static List<String> names() {
        return Stream.concat(Workload.all().stream().map(Workload::name), Stream.of(DIAGNOSTICS))
                .toList();
    }

    static Workload named(String name) {
        if (name.equals(DIAGNOSTICS)) {
            return Workload.Vae.shipped(true);
        }
        return Workload.all().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload named " + name));
    }

    /** One line for the table's head. */
    static String description(String name) {
        return named(name).description();
    }
}
