package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.LeftOut;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.session.ReportFile;
import org.likelihood4j.cli.session.TrainingProgress;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.cli.terminal.RunLog;
import org.likelihood4j.cli.terminal.StopOnExit;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.laboratory.compare.Comparison;
import org.likelihood4j.laboratory.compare.ComparisonListener;
import org.likelihood4j.laboratory.compare.ComparisonPlan;
import org.likelihood4j.laboratory.compare.ComparisonResult;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare CONFIG}: variants of a config, trained with the same seeds, in one table with errors. */
@Command(
        name = "compare",
        description = {
            "Train variants of a config with several seeds each, evaluate them on the test images, print a table.",
            "All variants of a seed see the same images in the same order and the same noise, so their differences are"
                    + " paired. Everything goes to RUNS/NAME-compare.",
            "A comparison that was stopped (Ctrl-C: exit code 130) continues when the same command is given again."
        })
public final class CompareCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "The YAML file, such as configs/quickstart-vae.yaml.")
    private Path file;

    @Option(
            names = "--vary",
            required = true,
            paramLabel = "KEY=VALUE,VALUE",
            description = "A key of the config and the values to compare, such as model.latent=10,20; commas within"
                    + " brackets do not separate. May be repeated: every combination is trained.")
    private List<String> vary = List.of();

    @Option(names = "--seeds", paramLabel = "N", description = "Trainings of each variant; default: ${DEFAULT-VALUE}.")
    private int seeds = 3;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key for all variants, such as training.epochs=3; may be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Repeated estimates of an evaluation, whatever the config says; default: ${DEFAULT-VALUE}.")
    private int repeats = 1;

    @Option(names = "--name", description = "The comparison's name; default: the config's.")
    private String name;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where runs are kept; default: ${DEFAULT-VALUE}.")
    private Path runs = Path.of("runs");

    @Mixin
    private JsonOption json;

    private final Console console;

    public CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> settings = new ArrayList<>(overrides);
        if (name != null) {
            // Quoted, or YAML would read --name 7 as a number.
            settings.add("name='" + name.replace("'", "''") + "'");
        }
        ComparisonPlan plan = ComparisonPlan.of(file, settings, vary, seeds, repeats);
        Comparison comparison = Comparison.open(runs, plan);
        int total = plan.runs().size();
        int done = total - comparison.pending().size();
        console.line(comparison.folder() + ": " + plan.variants().size() + " variants, "
                + plan.seeds().size() + (plan.seeds().size() == 1 ? " seed" : " seeds")
                + (done == 0 ? "" : "; " + done + " of " + total + " runs are done"));
        if (done < total && !run(comparison, total)) {
            return 130;
        }
        console.line("");
        if (json.wanted()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("folder", comparison.folder().toString());
            document.put("results", comparison.results());
            json.print(console, document);
        } else {
            comparison.table().lines().forEach(console::result);
        }
        console.line("");
        console.line("wrote " + comparison.writeTable());
        if (!comparison.directories().isEmpty()) {
            Path page = comparison.folder().resolve(ReportFile.NAME);
            console.line("wrote " + ReportFile.write(comparison.directories(), page));
        }
        int problems = comparison.table().problems().size();
        if (problems > 0) {
            throw new UserError(problems + " of " + total + " runs failed (see below the table)");
        }
        return 0;
    }

    /** Trains and evaluates what is left; false if it was stopped. */
    @SuppressWarnings("try") // the hook is only to be there
    private boolean run(Comparison comparison, int total) {
        Map<DataConfig, Comparison.Data> data = load(comparison.pending());
        try (StopOnExit stop = StopOnExit.of(comparison::requestStop)) {
            boolean complete = comparison.run(data, new Listener());
            if (!complete) {
                console.line("");
                console.line("interrupted: " + (total - comparison.pending().size()) + " of " + total
                        + " runs are done; the same command continues in " + comparison.folder());
            }
            console.out().flush();
            return complete;
        }
    }

    /** Every data set once, though several variants share it. */
    private Map<DataConfig, Comparison.Data> load(List<ComparisonPlan.Run> pending) {
        Map<DataConfig, Comparison.Data> loaded = new LinkedHashMap<>();
        for (ComparisonPlan.Run run : pending) {
            DataConfig config = run.config().data();
            if (!loaded.containsKey(config)) {
                ExampleSource source = DataSources.source(config, Project.datasets());
                console.line(source.describe());
                Splits splits;
                try (ProgressView progress = console.progress()) {
                    splits = source.load(new DataProgress(progress));
                }
                LeftOut.tell(splits, console);
                loaded.put(config, new Comparison.Data(source.describe(), splits));
            }
        }
        check(pending, loaded);
        return loaded;
    }

    /** Before the first run is trained: what is wrong with data depends on a variant's model and precision too. */
    private void check(List<ComparisonPlan.Run> pending, Map<DataConfig, Comparison.Data> loaded) {
        Set<ComparisonPlan.Variant> checked = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (ComparisonPlan.Run run : pending) {
            if (!checked.add(run.variant())) {
                continue;
            }
            Splits splits = loaded.get(run.config().data()).splits();
            try {
                RunConfig fitted = DataSources.fitted(run.config(), splits.train(), line -> {
                    if (told.add(line)) {
                        console.line(line);
                    }
                });
                PreflightCheck.data(fitted, splits).stream().filter(told::add).forEach(console::warning);
            } catch (ConfigException | DataException e) {
                throw new UserError(
                        e.getMessage() + " (variant " + run.variant().label() + ")", e);
            }
        }
    }

    private final class Listener implements ComparisonListener {
        @Override
        public void runStarted(ComparisonPlan.Run run, int number, int total) {
            console.line("");
            console.line("run " + number + " of " + total + ": " + run);
        }

        @Override
        public Watch watch(ComparisonPlan.Run run, RunDirectory directory) {
            RunLog log;
            try {
                log = RunLog.open(directory.path());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ProgressView view = console.progress();
            return new Watch(new TrainingProgress(console, view, run.config()), new DataProgress(view), () -> {
                view.close();
                log.close();
            });
        }

        @Override
        public void runEnded(ComparisonPlan.Run run, ComparisonResult result) {
            console.line(result.describe());
        }
    }
}
