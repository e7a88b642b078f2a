package org.likelihood4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The findings as plain aligned text. */
record Table(List<Findings> findings) {
    private static final List<String> HEAD = List.of(
            "threads",
            "workload",
            "phase",
            "contender",
            "ms/step",
            "quartiles",
            "images/s",
            "x ours",
            "paired",
            "quartiles",
            "of peak");

    String text() {
        StringBuilder text = new StringBuilder();
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        findings.forEach(found -> found.rows().forEach(row -> lines.add(cells(row))));
        align(text, lines);
        text.append('\n');
        workloads().forEach(name -> line(text, "%s: %s", name, Workloads.description(name)));
        line(
                text,
                "x ours: time by that of %s (medians; paired: neighbouring blocks); above 1 is slower than ours. of peak: the"
                        + " step's needed matrix products at the measured peak.",
                OurEngine.best().name());
        line(
                text,
                "Agreement with the reference, relative: loss %.0e, gradient %.0e, weights after 5 steps %.0e of their way;"
                        + " dl4j: loss only, without noise.",
                Agreement.LOSS,
                Agreement.GRADIENT,
                Agreement.WEIGHTS);
        findings.forEach(found -> machine(text, found));
        return text.toString();
    }

    private Set<String> workloads() {
        Set<String> names = new LinkedHashSet<>();
        findings.forEach(found -> found.rows().forEach(row -> names.add(row.workload())));
        return names;
    }

    private static List<String> cells(Row row) {
        Quartiles ms = row.milliseconds();
        Quartiles paired = row.pairedRatio();
        return List.of(
                row.threads(),
                row.workload(),
                row.phase().title(),
                row.contender(),
                format("%.3f", ms.median()),
                format("%.3f-%.3f", ms.lower(), ms.upper()),
                format("%.0f", row.imagesPerSecond()),
                Double.isNaN(row.ratio()) ? "-" : format("%.3f", row.ratio()),
                paired == null ? "-" : format("%.3f", paired.median()),
                paired == null ? "-" : format("%.3f-%.3f", paired.lower(), paired.upper()),
                format("%.0f%%", 100 * row.shareOfPeak()));
    }

    private static void machine(StringBuilder text, Findings found) {
        text.append('\n');
        line(
                text,
                "%d thread(s): matrix products %.0f GFLOP/s by ND4J, %.0f by oneDNN, %.0f by libtorch; load of the machine %.1f before, %.1f"
                        + " after; peak memory of the process %d MiB",
                found.threads(),
                found.ndPeak(),
                found.dnnPeak(),
                found.torchPeak(),
                found.load().get(0),
                found.load().get(1),
                found.peakMebibytes());
        for (FormTime form : found.forms()) {
            Quartiles ms = form.milliseconds();
            line(
                    text,
                    "  libtorch form, %s: %s, whole step %.3f ms (%.3f-%.3f)",
                    form.workload(),
                    form.form(),
                    ms.median(),
                    ms.lower(),
                    ms.upper());
        }
        for (Parts part : found.parts()) {
            line(
                    text,
                    "  ours, %s, kernel by kernel: products %.3f ms at %.0f%% of peak, other kernels %.3f ms, update %.3f ms",
                    part.workload(),
                    part.products(),
                    100 * part.shareOfPeak(),
                    part.others(),
                    part.update());
        }
        for (MemoryUse use : found.memory()) {
            line(text, "  memory, %s: %s alone %d MiB", use.workload(), use.contender(), use.peakMebibytes());
        }
    }

    private static void align(StringBuilder text, List<List<String>> lines) {
        for (List<String> cells : lines) {
            StringBuilder row = new StringBuilder();
            for (int column = 0; column < HEAD.size(); column++) {
                int at = column;
                int width = lines.stream()
                        .mapToInt(line -> line.get(at).length())
                        .max()
                        .orElse(0);
                String padding = " ".repeat(width - cells.get(column).length());
                boolean words = column > 0 && column < 4;
                row.append(words ? cells.get(column) + padding : padding + cells.get(column))
                        .append("  ");
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
