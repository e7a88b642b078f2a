package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.session.OwnClass;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.laboratory.audit.Audit;
import org.likelihood4j.laboratory.exercises.Exercises;
import org.likelihood4j.laboratory.exercises.OwnFormulas;
import org.likelihood4j.laboratory.verify.Derivation;
import org.likelihood4j.laboratory.verify.Derivations;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.laboratory.verify.Formulas;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify [RUN]}: the derivations, or a trained model, checked by the machine. */
@Command(
        name = "verify",
        description = {
            "Check the mathematics by machine, against quadrature, Monte Carlo, autodiff Jacobians and plain Java.",
            "Without RUN: every formula behind the models, in float64, on random inputs that are new each time.",
            "With RUN: a trained model on test images: round trips, log-determinants, KLs, values that are not finite.",
            "With --with: your own formulas in plain Java, exercise by exercise; docs/exercises.md has a file to start from.",
            "A check that fails makes the exit code 1."
        })
public final class VerifyCommand implements Callable<Integer> {
    /** Below 120 columns in all. */
    private static final TextTable TABLE = new TextTable()
            .left(0, 43)
            .left(1, 41)
            .right(1, 7)
            .right(1, 8)
            .right(1, 9)
            .left(1, 0);

    private static final long LARGEST_SEED = 1_000_000_000;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "A run's folder; without it the derivations.")
    private Path folder;

    @Option(names = "--checkpoint", description = "Of RUN: best, last, or a folder of RUN/checkpoints; default: best.")
    private String checkpoint;

    @Option(names = "--images", paramLabel = "N", description = "Of RUN's test split, at most 1000; default: 100.")
    private Integer images;

    @Option(
            names = "--with",
            paramLabel = "CLASS",
            description = "A Java file, such as MyFormulas.java, or the name of a class in LIKELIHOOD4J_CLASS_PATH.")
    private String own;

    @Option(names = "--seed", description = "Repeats the checks of that seed; default: a new one.")
    private Long seed;

    @Mixin
    private JsonOption json;

    private final Console console;

    /** Under which rows are printed now. */
    private Optional<Derivation> said = Optional.empty();

    public VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (folder == null && (checkpoint != null || images != null)) {
            throw new UserError("--checkpoint and --images are for a RUN, such as runs/quickstart-vae");
        }
        if (folder != null && own != null) {
            throw new UserError("--with is for your own formulas, which need no RUN");
        }
        if (images != null && (images < 1 || images > Audit.MOST_IMAGES)) {
            throw new UserError("--images must be 1 to " + Audit.MOST_IMAGES + ", was " + images);
        }
        long used = seed != null ? seed : ThreadLocalRandom.current().nextLong(1, LARGEST_SEED);
        List<Finding> findings = own != null ? exercises(used) : folder == null ? derivations(used) : run(used);
        if (json.wanted()) {
            json.print(console, document(used, findings));
        }
        long failed = findings.stream().filter(finding -> !finding.passed()).count();
        if (failed > 0) {
            throw new UserError(failed + " of " + findings.size() + " checks failed; --seed " + used + " repeats them");
        }
        long open = own == null
                ? 0
                : findings.stream().filter(finding -> finding.cases() == 0).count();
        row(
                open > 0
                        ? findings.size() - open + " checks passed, " + open
                                + " are of exercises that are not written yet"
                        : "all " + findings.size() + " checks passed");
        return 0;
    }

    private Map<String, Object> document(long used, List<Finding> findings) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", folder == null ? null : folder.toString());
        document.put("seed", used);
        document.put("passed", findings.stream().allMatch(Finding::passed));
        document.put("findings", findings.stream().map(VerifyCommand::entry).toList());
        return document;
    }

    private static Map<String, Object> entry(Finding finding) {
        Map<String, Object> entry = new LinkedHashMap<>();
        finding.derivation().ifPresent(derivation -> {
            entry.put("section", derivation.section());
            entry.put("class", derivation.type().getName());
        });
        entry.put("formula", finding.formula());
        entry.put("compared", finding.compared());
        entry.put("cases", finding.cases());
        entry.put("value", finding.value());
        entry.put("rule", finding.rule().name().toLowerCase(Locale.ROOT));
        entry.put("limit", finding.limit());
        entry.put("verdict", finding.verdict());
        return entry;
    }

    /** A line of the table. */
    private void row(String text) {
        if (!json.wanted()) {
            console.result(text);
        }
    }

    private List<Finding> derivations(long used) {
        row("verifying the derivations in float64, seed " + used);
        header();
        return Derivations.verify(Formulas.production(), used, this::printDerived);
    }

    private List<Finding> exercises(long used) {
        OwnFormulas formulas = OwnClass.load(own);
        row("verifying " + own + ", seed " + used);
        header();
        return Exercises.check(formulas, used, this::print);
    }

    private List<Finding> run(long used) {
        RunDirectory run = RunDirectory.open(folder);
        String name = checkpoint == null ? "best" : checkpoint;
        TrainedModel model =
                TrainedModel.open(run, name, DataSources.shape(run.readConfig().data()));
        Examples test = RunOptions.data(model.config(), console).test();
        int wanted = images == null ? 100 : images;
        Examples some = test.slice(0, Math.min(wanted, test.size()));
        row(String.format(
                Locale.ROOT,
                "verifying %s (%s) on %d test %s, seed %d",
                run.path(),
                name,
                some.size(),
                model.shape().noun(),
                used));
        header();
        List<Finding> findings = new ArrayList<>();
        findings.add(Audit.saved(run, name));
        print(findings.get(0));
        findings.addAll(Audit.audit(model, some, used, this::print));
        return findings;
    }

    /** A derivation under its section and class, which are said once for all rows of them. */
    private void printDerived(Finding finding) {
        if (!finding.derivation().equals(said)) {
            said = finding.derivation();
            said.ifPresent(derivation ->
                    row("-- " + derivation.section() + " (" + derivation.type().getSimpleName() + ")"));
        }
        print(finding);
    }

    private void header() {
        row(TABLE.line("formula", "compared with", "cases", "error", "tolerance", "verdict"));
    }

    private void print(Finding finding) {
        row(TABLE.line(
                finding.formula(),
                finding.compared(),
                Long.toString(finding.cases()),
                finding.error(),
                finding.tolerance(),
                finding.verdict()));
    }
}
