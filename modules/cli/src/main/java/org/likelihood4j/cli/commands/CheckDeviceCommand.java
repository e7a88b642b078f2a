package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.engine.DeviceException;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.laboratory.device.DeviceComparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code check-device [CONFIG ...]}: training steps on a device against the same ones on the processor. */
@Command(
        name = "check-device",
        description = {
            "Hold a device against the processor: loss, gradient and trained weights of configs' training steps must agree,",
            "and the same steps must give the same bits again. Data are made up; read are configs, tables' columns, and",
            "what the project's steps.json keeps of its own configs.",
            "See docs/gpu.md."
        })
public final class CheckDeviceCommand implements Callable<Integer> {
    /** Of a table that is not here. */
    private static final int COLUMNS = 8;

    private static final TextTable TABLE = new TextTable()
            .left(0, 24)
            .right(1, 10)
            .right(1, 5)
            .right(2, 8)
            .right(1, 8)
            .right(1, 8)
            .left(1, 4)
            .right(1, 7)
            .right(2, 9)
            .right(1, 9)
            .right(1, 6)
            .left(2, 0);

    @Parameters(
            arity = "0..*",
            paramLabel = "CONFIG",
            description = "YAML files, or folders of them; default: all of the project's configs.")
    private List<Path> files = List.of();

    @Option(names = "--device", description = "What to check: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Device device = Device.CUDA;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override a key of all configs; may be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long each config's steps are timed on each of the two, 0 for not at all; default:"
                    + " ${DEFAULT-VALUE}.")
    private double seconds = 1;

    @Option(
            names = "--store",
            description = "Keep what the processor's steps gave in configs/steps.json; with --device cpu.")
    private boolean store;

    private final Console console;
    private ProjectSteps steps;

    public CheckDeviceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!(seconds >= 0 && seconds <= 60)) {
            throw new UserError("--seconds must be between 0 and 60, was " + seconds);
        }
        if (store && (device != Device.CPU || !overrides.isEmpty())) {
            throw new UserError(
                    "--store keeps the processor's numbers of configs as they are: with --device cpu, without --set");
        }
        Map<Path, RunConfig> configs = configs();
        Path folder = Project.home().resolve("configs");
        // Of configs that --set changes nothing is kept.
        steps = store
                ? ProjectSteps.storing(folder, configs.keySet())
                : overrides.isEmpty() ? ProjectSteps.read(folder, configs.keySet()) : ProjectSteps.none(folder);
        // Before anything is compiled.
        console.result(ComputeDevice.of(configs.values().iterator().next().withDevice(device))
                .description());
        console.result(TABLE.line(
                "config",
                "parameters",
                "batch",
                "loss",
                "gradient",
                "weights",
                "bits",
                "stored",
                "cpu ms",
                device + " ms",
                "ratio",
                ""));
        int failed = 0;
        for (Map.Entry<Path, RunConfig> each : configs.entrySet()) {
            failed += agrees(each.getKey(), each.getValue(), configs.size() == 1) ? 0 : 1;
        }
        console.result(
                "loss, gradient, weights after " + DeviceComparison.STEPS
                        + " steps: relative differences from the processor's; bits: whether the device repeats its own; stored: the"
                        + " largest difference from what " + ProjectSteps.NAME
                        + " keeps, at least so large a part of what is tolerated (other: it keeps those of another config or table); ms: a step, as a training takes it");
        if (failed > 0) {
            throw new UserError(failed + " of " + configs.size() + " configs differ, or could not be compared");
        }
        console.result("all " + configs.size() + " configs agree");
        return 0;
    }

    /** Of several one that cannot be compared, such as for want of memory, keeps nobody from the others. */
    private boolean agrees(Path file, RunConfig config, boolean alone) {
        try {
            ComputeDevice.require(config.withDevice(device));
            ExampleShape shape = shape(config);
            DeviceComparison found = DeviceComparison.of(config, shape, device, seconds);
            ProjectSteps.Held held = steps.held(file, shape, found);
            boolean agrees = found.agrees() && (store || held.mistake().isEmpty());
            console.result(row(found, held.shown(), agrees));
            if (!agrees && !store) {
                held.mistake().ifPresent(console::warning);
            }
            if (store && agrees) {
                steps.keep(file, shape, found);
            }
            return agrees;
        } catch (ConfigException | DataException | DeviceException | OutOfMemoryError e) {
            if (alone) {
                throw e;
            }
            console.warning(config.name() + ": " + Failures.describe(e));
            return false;
        }
    }

    /** What examples are like; of a table that is not here and whose columns nobody knows, as in configs for any table, some numbers. */
    private ExampleShape shape(RunConfig config) {
        try {
            return DataSources.shape(config.data());
        } catch (DataException e) {
            if (!(config.data() instanceof TableFiles table) || Files.exists(Path.of(table.path()))) {
                throw e;
            }
            console.line(config.name() + ": " + Printable.line(table.path()) + " is not here: rows of " + COLUMNS
                    + " numbers in its place");
            return VectorShape.numbered(COLUMNS);
        }
    }

    private static String row(DeviceComparison found, String fromStored, boolean agrees) {
        return TABLE.line(
                found.name(),
                String.valueOf(found.numbers().parameters()),
                String.valueOf(found.numbers().batch()),
                difference(found.loss()),
                difference(found.gradient()),
                difference(found.weights()),
                found.repeats() ? "same" : "NOT",
                fromStored,
                milliseconds(found.processor()),
                milliseconds(found.device()),
                number("%.1f", found.processor() / found.device()),
                agrees ? "ok" : "FAILED");
    }

    private static String difference(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
    }

    private static String milliseconds(double value) {
        return number("%.3f", value);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private Map<Path, RunConfig> configs() {
        List<Path> given = files.isEmpty() ? List.of(Project.home().resolve("configs")) : files;
        Map<Path, RunConfig> configs = new LinkedHashMap<>();
        given.stream()
                .flatMap(CheckDeviceCommand::yaml)
                .forEach(file -> configs.put(file, ConfigLoader.load(file, overrides)));
        if (configs.isEmpty()) {
            throw new UserError(given.get(0) + ": no .yaml file is there; give configs");
        }
        return configs;
    }

    private static Stream<Path> yaml(Path given) {
        if (!Files.isDirectory(given)) {
            return Stream.of(given);
        }
        try (Stream<Path> all = Files.walk(given)) {
            return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
