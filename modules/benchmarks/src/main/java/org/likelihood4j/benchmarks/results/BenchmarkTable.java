package org.likelihood4j.benchmarks.results;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.likelihood4j.benchmarks.ours.OurEngine;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Workloads;
import org.likelihood4j.io.TextTable;

/** The findings as plain aligned text. */
public record BenchmarkTable(List<Findings> findings) {
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
            "of peak",
            "waited");

    /** Of the yardstick's median rate; below it the machine was not what it is at its best. */
    private static final double QUIET = 0.9;

    /** Of a block; above it the compiler's work may be in the times. */
    private static final double COMPILED = 0.1;

    /** How much more than its kernels, one by one, a whole step may take before that is said. */
    private static final double UNEXPLAINED = 1.2;

    public String text() {
        StringBuilder text = new StringBuilder();
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        findings.forEach(found -> found.rows().forEach(row -> lines.add(cells(row))));
        TextTable table = new TextTable().right(0, 0).left(2, 0).left(2, 0).left(2, 0);
        for (int column = 4; column < HEAD.size(); column++) {
            table.right(2, 0);
        }
        table.lines(lines).forEach(row -> text.append(row).append('\n'));
        text.append('\n');
        workloads().forEach(name -> line(text, "%s: %s", name, Workloads.description(name)));
        line(
                text,
                "x ours: time by that of %s (medians; paired: neighbouring blocks); above 1 is slower than ours. of peak: the"
                        + " step's needed matrix products at the measured peak. waited: how long the contender's threads waited for a"
                        + " processor, by the time measured.",
                OurEngine.best().name());
        line(
                text,
                "Agreement with the reference, relative: %s; of bfloat16s: %s; dl4j: loss only, without noise.",
                Agreement.FLOAT32,
                Agreement.BFLOAT16);
        findings.forEach(found -> machine(text, found));
        return text.toString();
    }

    private Set<String> workloads() {
        Set<String> names = new LinkedHashSet<>();
        findings.forEach(found -> found.rows().forEach(row -> names.add(row.workload())));
        return names;
    }

    private static List<String> cells(MeasuredRow row) {
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
                format("%.0f%%", 100 * row.shareOfPeak()),
                format("%.1f%%", 100 * row.waited()));
    }

    private static void machine(StringBuilder text, Findings found) {
        text.append('\n');
        Peaks peaks = found.peaks();
        line(
                text,
                "%d thread(s): matrix products %.0f GFLOP/s by ND4J, %.0f by oneDNN, %.0f by libtorch, at most %.0f at any time; load of the"
                        + " machine %.1f before, %.1f after",
                found.threads(),
                peaks.nd4j(),
                peaks.oneDnn(),
                peaks.libtorch(),
                found.peak(),
                found.load().get(0),
                found.load().get(1));
        found.unrest().forEach(unrest -> unrest(text, unrest));
        found.rows().stream()
                .filter(row -> row.compiled() > COMPILED)
                .forEach(row -> line(
                        text,
                        "  %s, %s: the JIT compiler was still at work for %.0f%% of the time of %s; measure longer (--seconds)",
                        row.workload(),
                        row.phase().title(),
                        100 * row.compiled(),
                        row.contender()));
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
                    100 * part.rate() / found.peak(),
                    part.others(),
                    part.update());
            unexplained(text, found, part);
        }
        for (MemoryUse use : found.memory()) {
            line(text, "  memory, %s: %s alone %d MiB", use.workload(), use.contender(), use.peakMebibytes());
        }
    }

    private static void unrest(StringBuilder text, Unrest unrest) {
        Quartiles shares = unrest.shares();
        line(
                text,
                "  the machine, %s, %s: matrix products between the blocks at %.0f%% of that (%.0f-%.0f%%)%s",
                unrest.workload(),
                unrest.phase().title(),
                100 * shares.median(),
                100 * shares.lower(),
                100 * shares.upper(),
                shares.median() < QUIET ? ": it was disturbed; compare contenders, not runs" : "");
    }

    private static void unexplained(StringBuilder text, Findings found, Parts part) {
        found.rows().stream()
                .filter(row -> row.workload().equals(part.workload()))
                .filter(row -> row.phase() == Phase.STEP
                        && row.contender().equals(OurEngine.best().name()))
                .filter(row -> row.milliseconds().median() > UNEXPLAINED * part.step())
                .forEach(row -> line(
                        text,
                        "  ours, %s: the whole step, %.3f ms, is not explained by its kernels one by one, %.3f ms: measure again",
                        part.workload(),
                        row.milliseconds().median(),
                        part.step()));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
