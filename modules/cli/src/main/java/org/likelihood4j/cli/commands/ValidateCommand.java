package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.session.TableCheck;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.StartWeights;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code validate CONFIG}: checks a configuration and prints the model that it makes. */
@Command(
        name = "validate",
        description = "Check configs without training; print parameters and shapes, or every value with --resolved.")
public final class ValidateCommand implements Callable<Integer> {
    private static final TextTable SHAPES = new TextTable().left(4, 40).left(1, 0);

    @Parameters(paramLabel = "CONFIG", arity = "1..*", description = "YAML files.")
    private List<Path> files;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override a key; may be repeated.")
    private List<String> overrides = List.of();

    @Option(names = "--resolved", description = "Print the config with every default filled in.")
    private boolean resolved;

    @Mixin
    private JsonOption json;

    private final Console console;

    public ValidateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (json.wanted()) {
            return document();
        }
        for (Path file : files) {
            RunConfig config = fitted(ConfigLoader.load(file, overrides));
            ExampleShape shape = DataSources.shape(config.data());
            Model model = model(config, shape);
            if (!resolved) {
                TableCheck.check(config, shape, console).forEach(console::warning);
            }
            if (resolved) {
                console.result(ConfigLoader.toYaml(config).stripTrailing());
            } else {
                describe(file, config, model);
            }
        }
        return 0;
    }

    /** Of each file whether it is valid: unlike the text, which ends at the first that is not. */
    private int document() {
        List<Map<String, Object>> verdicts = new ArrayList<>();
        for (Path file : files) {
            Map<String, Object> verdict = new LinkedHashMap<>();
            verdict.put("file", file.toString());
            try {
                RunConfig config = fitted(ConfigLoader.load(file, overrides));
                ExampleShape shape = DataSources.shape(config.data());
                Model model = model(config, shape);
                List<String> warnings = TableCheck.check(config, shape, quiet());
                verdict.put("valid", true);
                verdict.put(
                        "data",
                        DataSources.source(config.data(), Project.datasets()).describe());
                verdict.put("warnings", warnings);
                verdict.put("parameters", shapes(model.parameters()));
                verdict.put("buffers", shapes(model.buffers()));
                verdict.put("memory_bytes", MemoryNeed.ofTraining(config, model));
                if (resolved) {
                    verdict.put("config", ConfigLoader.toTree(config));
                }
            } catch (ConfigException | DataException | RunException e) {
                verdict.put("valid", false);
                verdict.put("problem", e.getMessage());
            }
            verdicts.add(verdict);
        }
        json.print(console, verdicts);
        return verdicts.stream().allMatch(verdict -> verdict.get("valid").equals(true)) ? 0 : Failures.FAILED;
    }

    /** As {@code train} checks it, but for the device, which need not be here. */
    private static Model model(RunConfig config, ExampleShape shape) {
        Model model = PreflightCheck.model(config, shape);
        PreflightCheck.labels(config, shape);
        StartWeights.of(config);
        return model;
    }

    /** A document is all that goes to standard output. */
    private Console quiet() {
        Console quiet = new Console(console.out(), console.err(), false, console.columns());
        quiet.setQuiet(true);
        return quiet;
    }

    /** With the batch size that the data allow, where they are known without being read. */
    private static RunConfig fitted(RunConfig config) {
        OptionalInt examples = DataSources.trainExamples(config.data());
        return examples.isPresent() ? config.fitted(examples.getAsInt()) : config;
    }

    private static Map<String, List<Long>> shapes(ParameterLayout layout) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        layout.entries()
                .forEach(entry -> shapes.put(
                        entry.parameter().name(),
                        entry.parameter().shape().stream()
                                .map(Number::longValue)
                                .toList()));
        return shapes;
    }

    private void describe(Path file, RunConfig config, Model model) {
        console.result(file + ": valid");
        console.result("  data       "
                + DataSources.source(config.data(), Project.datasets()).describe());
        if (config.training().batchSize() != null) {
            console.result("  batch size " + config.training().batchSize());
        }
        table("parameters", model.parameters());
        if (model.buffers().length() > 0) {
            table("buffers", model.buffers());
        }
        double need = MemoryNeed.ofTraining(config, model) / 1e9;
        console.result(String.format(
                Locale.ROOT,
                "  memory     %s to train, beside the data and 1 GB for the program",
                need < 0.1 ? "less than 0.1 GB" : String.format(Locale.ROOT, "some %,.1f GB", need)));
    }

    private void table(String what, ParameterLayout layout) {
        console.result(String.format(Locale.ROOT, "  %-10s %,d values", what, layout.length()));
        for (ParameterLayout.Entry entry : layout.entries()) {
            String shape =
                    entry.parameter().shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
            console.result(SHAPES.line(entry.parameter().name(), shape));
        }
    }
}
