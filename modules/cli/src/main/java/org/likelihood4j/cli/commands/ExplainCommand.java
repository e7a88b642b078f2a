package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain CONFIG}: what one training step is made of, and how long each part takes. */
@Command(
        name = "explain",
        description = {
            "Show the program that a config's training step is compiled to: kernels, shapes, operations, bytes, times.",
            "Nothing is trained or written. See docs/engine.md for how to read it."
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final TextTable TABLE = new TextTable()
            .left(0, 8)
            .right(1, 9)
            .right(1, 6)
            .right(1, 8)
            .right(1, 8)
            .left(2, 18)
            .left(1, 0);

    @Parameters(paramLabel = "CONFIG", description = "The YAML file, such as configs/mnist/vae.yaml.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override a key; may be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How often each part is timed; default: ${DEFAULT-VALUE}.")
    private int runs = 200;

    private final Console console;

    public ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (runs < 1) {
            throw new UserError("--runs must be at least 1, was " + runs);
        }
        RunConfig config = ConfigLoader.load(file, overrides);
        PreflightCheck.start(config);
        Splits data = RunOptions.data(config, console);
        Explanation explanation = StepCompiler.explain(
                        DataSources.fitted(config, data.train(), console::line), data, runs)
                .orElseThrow(() -> new UserError(file
                        + ": only a float32, tf32 or mixed step of the compiled engine can be explained; this config has engine: "
                        + config.engine() + ", precision: " + config.precision()));
        print(explanation, config.precision());
        return 0;
    }

    /** How much of a step in mixed precision is so: which products are, the device has decided by their sizes. */
    private static String bfloat16(List<Explanation.Line> kernels) {
        List<Explanation.Line> multiply = kernels.stream()
                .filter(line -> line.kind().equals("product") || line.kind().equals("convolution"))
                .toList();
        List<Explanation.Line> narrow =
                multiply.stream().filter(Explanation.Line::narrow).toList();
        return String.format(
                Locale.ROOT,
                "%d of %d products and convolutions multiply bfloat16, with %.0f of %.0f MFLOP; the others would gain nothing by it",
                narrow.size(),
                multiply.size(),
                megaflops(narrow),
                megaflops(multiply));
    }

    private static double megaflops(List<Explanation.Line> lines) {
        return lines.stream().mapToLong(Explanation.Line::flops).sum() / 1e6;
    }

    private void print(Explanation explanation, RunConfig.Precision precision) {
        console.result(TABLE.line("kernel", "us", "share", "MFLOP", "KiB", "shape", "what"));
        double total = explanation.updateMicroseconds();
        double products = 0;
        long flops = 0;
        for (Explanation.Line line : explanation.kernels()) {
            total += line.microseconds();
            if (line.kind().equals("product")) {
                products += line.microseconds();
                flops += line.flops();
            }
        }
        for (Explanation.Line line : explanation.kernels()) {
            console.result(row(line, total));
        }
        console.result(row(
                new Explanation.Line(
                        "update",
                        false,
                        "",
                        "norm, clipping, optimiser, average",
                        0,
                        0,
                        explanation.updateMicroseconds()),
                total));
        console.result("");
        console.result(String.format(
                Locale.ROOT,
                "step %.2f ms, of it matrix products %.2f ms (%.0f %%) at %.1f GFLOP/s; %d kernels for %d operations of the graph",
                total / 1e3,
                products / 1e3,
                100 * products / total,
                products == 0 ? 0 : flops / products / 1e3,
                explanation.kernels().size(),
                explanation.operations()));
        console.result(String.format(
                Locale.ROOT,
                "kernels move %.1f MiB where the operations one by one would move %.1f MiB; values between kernels share %.1f MiB",
                mebibytes(explanation.bytes()),
                mebibytes(explanation.operationBytes()),
                mebibytes(explanation.arenaBytes())));
        if (precision == RunConfig.Precision.MIXED) {
            console.result(bfloat16(explanation.kernels()));
        }
    }

    private static String row(Explanation.Line line, double total) {
        return TABLE.line(
                line.kind(),
                number("%.1f", line.microseconds()),
                number("%.1f%%", 100 * line.microseconds() / total),
                number("%.2f", line.flops() / 1e6),
                number("%.1f", line.bytes() / 1024.0),
                line.shape(),
                line.what());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static double mebibytes(long bytes) {
        return bytes / (1024.0 * 1024.0);
    }
}
