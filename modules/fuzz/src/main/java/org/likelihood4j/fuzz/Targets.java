package org.likelihood4j.fuzz;

import java.util.List;

/** Every target: a new one is a class and a line here. */
final class Targets {
    static final List<Target> ALL = List.of(
            new ConfigTarget(),
            new OverridesTarget(),
            new SafetensorsTarget(),
            new ExportTarget(),
            new IdxTarget(),
            new DataFileTargets.Npy(),
            new DataFileTargets.Npz(),
            new DataFileTargets.Csv(),
            new ParquetTarget(),
            new DataFileTargets.Picture(),
            new RunFileTargets.State(),
            new RunFileTargets.Pointers(),
            new RunFileTargets.Inputs(),
            new RunFileTargets.Calibrations(),
            new RunFileTargets.Gaps(),
            new RunFileTargets.Comparison(),
            new RunFileTargets.Metrics(),
            new PublishedTargets.Figures(),
            new PublishedTargets.Results());

    private Targets() {}

    static List<String> names() {
        return ALL.stream().map(Target::name).toList();
    }

    static Target named(String name) {
        return ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name));
    }
}
