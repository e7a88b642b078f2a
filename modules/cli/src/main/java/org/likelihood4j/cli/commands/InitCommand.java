package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.session.ColumnGuesses;
import org.likelihood4j.cli.session.TableCheck;
import org.likelihood4j.cli.session.TableChoices;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.schema.StarterConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code init}: a config for a person's own data. */
@Command(
        name = "init",
        description = {
            "Write a config to start from: what you choose here, and every other key as a comment with its meaning.",
            "Nothing is ever written over."
        })
public final class InitCommand implements Callable<Integer> {
    /** What a VAE needs for data that its default is not for: tried when the model refuses the data. */
    private static final Map<String, String> REAL_NUMBERS = Map.of("model.likelihood", "{type: columns}");

    /** Such as columns of text, then constant ones, then dependent ones. */
    private static final int MOST_REMEDIES = 8;

    private static final class DataTypes extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        DataTypes() {
            super(StarterConfig.dataTypes());
        }
    }

    private static final class ModelTypes extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ModelTypes() {
            super(StarterConfig.modelTypes());
        }
    }

    @Option(
            names = "--data",
            arity = "1..2",
            paramLabel = "TYPE",
            hideParamSyntax = true,
            completionCandidates = DataTypes.class,
            description =
                    "What to train on, one of ${COMPLETION-CANDIDATES}; a type for your own data takes the path of its file"
                            + " or folder too, such as --data images photos. Default: digits.")
    private List<String> data = List.of("digits");

    @Option(
            names = "--model",
            completionCandidates = ModelTypes.class,
            description = "What to train, one of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private String model = "vae";

    @Option(names = "--output", paramLabel = "FILE", description = "The config; default: TYPE-MODEL.yaml here.")
    private Path output;

    private final Console console;

    public InitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> choices = choices();
        String type = data.get(0);
        Path file = output != null ? output : Path.of(type + "-" + model + ".yaml");
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        if (!name.matches(".*\\.ya?ml") || !RunConfig.isName(name)) {
            throw new UserError(
                    "--output must end in .yaml, after letters, digits, '.', '_' and '-', since it names the run; was "
                            + file);
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new UserError(file + ": exists and is kept; choose another file with --output");
        }
        if (file.toAbsolutePath().getParent() != null
                && !Files.isDirectory(file.toAbsolutePath().getParent())) {
            throw new UserError(file + ": there is no folder "
                    + file.toAbsolutePath().getParent() + "; make it, or choose another file with --output");
        }
        AtomicFiles.write(file, StarterConfig.yaml(fitting(choices), head(file)));
        console.line("wrote " + file);
        console.line("  check it  ./run.sh validate " + file);
        console.line("  train it  ./run.sh train " + file);
        return 0;
    }

    private Map<String, String> choices() {
        String type = data.get(0);
        oneOf("--data", type, StarterConfig.dataTypes());
        oneOf("--model", model, StarterConfig.modelTypes());
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("data.type", type);
        Optional<String> key = StarterConfig.requiredKey(type);
        if (key.isPresent() != (data.size() == 2)) {
            throw new UserError(
                    key.isPresent()
                            ? "--data " + type + " needs the path of its file or folder: --data " + type + " PATH"
                            : "--data " + type + " takes no path, was given '" + data.get(1) + "'");
        }
        if (key.isPresent()) {
            requireThere(data.get(1));
            choices.put("data." + key.get(), StarterConfig.quoted(data.get(1)));
        }
        choices.put("model.type", model);
        choices.put("training.epochs", "10");
        return choices;
    }

    private static void oneOf(String option, String given, List<String> allowed) {
        if (!allowed.contains(given)) {
            throw new UserError(option + " must be one of " + String.join(", ", allowed) + ", was '" + given + "'");
        }
    }

    private static void requireThere(String path) {
        try {
            if (ArrayFormat.isThere(Path.of(path))) {
                return;
            }
        } catch (InvalidPathException e) {
            throw new UserError("--data: '" + path + "' cannot be a path", e);
        }
        throw new UserError("--data: no such file or folder: " + path);
    }

    /** The choices, with what the data need beside them; a config that could not be trained is not written. */
    private Map<String, String> fitting(Map<String, String> choices) {
        Map<String, String> more = new LinkedHashMap<>(choices);
        if (config(choices).data() instanceof TableFiles table) {
            ColumnGuesses guesses = ColumnGuesses.of(table, console);
            guesses.told().forEach(console::line);
            guesses.setting().ifPresent(setting -> more.put(setting.key(), setting.value()));
            more.putAll(TableChoices.of(model, guesses.rows()));
        }
        ConfigException first = null;
        for (int i = 0; i < MOST_REMEDIES; i++) {
            try {
                check(more);
                return more;
            } catch (ConfigException e) {
                if (first != null) {
                    throw first;
                }
                first = e;
                more.putAll(REAL_NUMBERS);
            } catch (DataException e) {
                Setting remedy = masked(more, e.remedy().orElseThrow(() -> e));
                if (remedy.value().equals(more.put(remedy.key(), remedy.value()))) {
                    throw e;
                }
                console.line(remedy.key() + " is " + remedy.value() + ", because " + e.getMessage());
            }
        }
        check(more);
        return more;
    }

    /** A VAE can leave missing cells out, and keep the rest of their rows. */
    private Setting masked(Map<String, String> choices, Setting remedy) {
        if (!model.equals("vae") || !remedy.key().equals("data.missing")) {
            return remedy;
        }
        choices.putAll(REAL_NUMBERS);
        return new Setting(remedy.key(), TableFiles.Missing.MASK.toString());
    }

    private void check(Map<String, String> choices) {
        RunConfig config = config(choices);
        ExampleShape shape = DataSources.shape(config.data());
        PreflightCheck.model(config, shape);
        TableCheck.check(config, shape, console).forEach(console::warning);
    }

    private static RunConfig config(Map<String, String> choices) {
        List<String> overrides = choices.entrySet().stream()
                .map(choice -> choice.getKey() + "=" + choice.getValue())
                .toList();
        return ConfigLoader.parse("{}", "run.yaml", overrides);
    }

    private static List<String> head(Path file) {
        Path schema = Project.home()
                .resolve("configs")
                .resolve("schema.json")
                .toAbsolutePath()
                .normalize();
        Path folder = file.toAbsolutePath().normalize().getParent();
        return List.of(
                "yaml-language-server: $schema=" + folder.relativize(schema),
                "Check it: ./run.sh validate " + file + "   Train it: ./run.sh train " + file,
                "A line such as '#seed: 1' is a key at its default, described above it: without its '#' you can change it.",
                "Only model.type is required; what you do not change you can delete.");
    }
}
