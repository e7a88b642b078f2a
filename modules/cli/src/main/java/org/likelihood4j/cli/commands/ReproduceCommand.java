package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.LiveOptions;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.session.TestEvaluation;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.session.Trainings;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.laboratory.published.Publication;
import org.likelihood4j.laboratory.published.Registry;
import org.likelihood4j.laboratory.published.Reproduction;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reproduce NAME}: a published figure, and what this program reaches of it. */
@Command(
        name = "reproduce",
        description = {
            "Reproduce a published figure: train its configuration, or go on with it, evaluate, and compare; without a NAME list them all.",
            "The training is a run like any other, RUNS/NAME: after Ctrl-C, or the next day, the same command goes on with it."
        })
public final class ReproduceCommand implements Callable<Integer> {
    /** Of a run that is there: what makes no other training of it. */
    private static final List<String> FREE =
            List.of("device", "tensorboard", "training.checkpoint", "training.images", "training.logEvery");

    private static final String RESULT = "reproduction.json";

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "One of those that --list shows.")
    private String name;

    @Option(names = "--list", description = "What is published, what was reached here, and what else would take.")
    private boolean list;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where runs are kept; default: ${DEFAULT-VALUE}.")
    private Path runs = Path.of("runs");

    @Option(
            names = "--published",
            paramLabel = "DIR",
            description = "The registry with its configurations; default: configs/published of the program.")
    private Path folder = Project.home().resolve("configs/published");

    @Option(names = "--store", description = "Also keep the result in the registry's folder, for --list.")
    private boolean store;

    @Option(
            names = "--device",
            description =
                    "Where to train: ${COMPLETION-CANDIDATES}; default: as its configuration says, or as it began.")
    private RunConfig.Device device;

    @Mixin
    private LiveOptions live = new LiveOptions();

    private final Console console;

    public ReproduceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Registry registry = Registry.read(folder);
        if (name == null) {
            list(registry);
            return 0;
        } else if (list) {
            throw new UserError("--list shows all: leave " + name + " out");
        }
        Publication publication = registry.publication(name);
        RunConfig config = ConfigLoader.load(registry.config(publication), settings(publication));
        Trainings.Ended ended = trained(config);
        if (ended.code() != 0) {
            return ended.code();
        }
        Evaluation evaluation =
                TestEvaluation.of(ended.run(), ended.data().test(), publication.importanceSamples(), console);
        evaluation.save(ended.run());
        Reproduction result = Reproduction.of(
                publication.quantity(), evaluation, state(ended.run()).provenance());
        result.save(ended.run().path().resolve(RESULT));
        console.line("wrote " + ended.run().path().resolve(RESULT));
        if (store) {
            Files.createDirectories(registry.result(publication).getParent());
            result.save(registry.result(publication));
            console.line("wrote " + registry.result(publication));
        }
        console.result(publication.source() + ": " + publication.quantity() + " " + number(publication.published())
                + " " + publication.unit());
        console.result("here, over " + String.format(Locale.ROOT, "%,d", result.images()) + " test examples: "
                + reached(result) + " " + publication.unit() + ": " + publication.verdict(result));
        return 0;
    }

    private List<String> settings(Publication publication) {
        List<String> settings = new ArrayList<>(publication.settings());
        settings.add("name=" + publication.name());
        settings.addAll(elsewhere());
        return settings;
    }

    private List<String> elsewhere() {
        return device == null ? List.of() : List.of("device=" + device);
    }

    /** As it is if it has ended; else from where it is, or from the start. */
    private Trainings.Ended trained(RunConfig config) throws IOException {
        Path path = runs.resolve(config.name());
        if (!Files.exists(path)) {
            PreflightCheck.start(config);
            try (LiveServer server = live.bind()) {
                return new Trainings(console, server).begin(config, runs, Means.USUAL);
            }
        }
        RunDirectory run = RunDirectory.open(path);
        Splits data = RunOptions.data(config, console);
        // As a run of it keeps its configuration.
        RunConfig fitted = DataSources.fitted(config, data.train(), any -> {});
        RunConfig wanted = DataSources.resolved(fitted, data.train().shape());
        List<String> others = ConfigLoader.differences(run.readConfig(), wanted).stream()
                .filter(key -> FREE.stream().noneMatch(key::startsWith))
                .toList();
        if (!others.isEmpty()) {
            throw new UserError(path + " is a run of another " + String.join(", ", others)
                    + ": move it away, or choose another folder with --runs");
        }
        if (state(run).ended(config.training()).isPresent()) {
            console.line(path + " was trained before");
            return new Trainings.Ended(run, data, 0);
        }
        console.line("going on with " + path);
        try (LiveServer server = live.bind()) {
            return new Trainings(console, server).goOn(run, elsewhere(), any -> Means.USUAL);
        }
    }

    private static RunState state(RunDirectory run) {
        return CheckpointFolder.readState(new Checkpoints(run).locate("last"));
    }

    private void list(Registry registry) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "published", "here", "unit", "", "source"));
        int reached = 0;
        for (Publication each : registry.publications()) {
            Reproduction result = stored(registry, each);
            rows.add(List.of(
                    each.name(),
                    number(each.published()),
                    result == null ? "-" : reached(result),
                    each.unit(),
                    each.verdict(result),
                    each.source()));
            reached += result != null && each.isReached(result) ? 1 : 0;
        }
        new TextTable()
                .left(0, 0)
                .right(2, 0)
                .right(2, 0)
                .left(2, 0)
                .left(2, 0)
                .left(2, 0)
                .lines(rows)
                .forEach(console::result);
        console.result(reached + " of " + registry.publications().size() + " reached");
    }

    /** A damaged result is told, and counts as none. */
    private Reproduction stored(Registry registry, Publication publication) {
        try {
            return registry.stored(publication);
        } catch (RunException e) {
            console.warning(e.getMessage());
            return null;
        }
    }

    private static String reached(Reproduction result) {
        return number(result.value()) + " +- " + number(result.standardError());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
