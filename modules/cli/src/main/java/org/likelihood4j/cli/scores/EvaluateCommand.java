package org.likelihood4j.cli.scores;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.Bounds;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate RUN}: honest likelihoods, with their errors. */
@Command(
        name = "evaluate",
        description = {
            "Estimate a trained model's likelihoods on a split of the run's data, or on all of a file or folder; prints them"
                    + " and writes RUN/evaluation-SPLIT.json, or RUN/evaluation-input-NAME.json.",
            "VAE: ELBO, reconstruction, both KLs, importance-weighted NLL. RealNVP: every term, for images in bits/dim.",
            "Data of a known density: the KLs between it and the model, and what the model's draws are worth as draws of it.",
            "A value that is not finite is counted and makes the exit code 1.",
            "With --against: how well the likelihood and scores made of it tell other data from these (AUROC), and"
                    + " RUN/against-SPLIT.json."
        })
public final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private InputOptions input;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--against",
            paramLabel = "DATA",
            description =
                    "Other data, which may be repeated: a file or folder; mnist, fashion-mnist, cifar10, digits; or made of"
                            + " images: noise, inverted, blank, black, textures; of rows: noise, shuffled.")
    private List<String> against = List.of();

    @Option(
            names = "--background",
            paramLabel = "RUN",
            description = "Of --against: another model of such data, for the ratio of the likelihoods.")
    private Path background;

    @Option(names = "--repeats", paramLabel = "N", description = "Repeated estimates; default: the config's.")
    private Integer repeats;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Changes speed, and the last digits of float32; default: the config's.")
    private Integer batchSize;

    private final Console console;

    public EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        scoring.check();
        Bounds.positive("--repeats", repeats);
        Bounds.positive("--batch-size", batchSize);
        RunDirectory run = options.run();
        input.check();
        if (!against.isEmpty()) {
            if (repeats != null || batchSize != null) {
                throw new UserError("--repeats and --batch-size are for estimates of means, and not for --against");
            }
            new AgainstEvaluation(console, options, input, scoring).run(against, background, json);
            return 0;
        } else if (background != null) {
            throw new UserError("--background is for --against: give the data that are to be told from the run's");
        }
        String name = input.name(run);
        console.line("evaluating " + run.path() + " (" + options.checkpoint() + ") on " + input);
        TrainedModel model = options.model();
        EvaluationConfig config = scoring.over(model.config().evaluation());
        EvaluationConfig settings = new EvaluationConfig(
                config.importanceSamples(),
                repeats == null ? config.repeats() : repeats,
                batchSize == null ? config.batchSize() : batchSize,
                config.seed());
        int told = model.condition().map(FunctionInput.Condition::classes).orElse(0);
        Examples set = scoring.first(
                input.read(run, model.shape(), model.classes(), told, console).examples());
        Evaluation evaluation;
        try (ProgressView progress = console.progress()) {
            evaluation = new Evaluator(model, settings)
                    .evaluate(run, options.checkpoint(), input.noise(), set, new DataProgress(progress))
                    .summed(run)
                    .named(name)
                    .apart(run);
        }
        if (json.wanted()) {
            json.print(console, evaluation);
        } else {
            print(evaluation, name + " " + model.shape().noun(), model.shape().noun());
            if (model.values().model().drawsItsData()) {
                console.result(
                        "all repeats see one binarisation of each image: the spread does not include what another would"
                                + " change, the std error does");
            }
        }
        // After it was printed: where it cannot be written, it is not lost.
        input.keepName(run, name, console);
        evaluation.save(run);
        if (!evaluation.split().equals(name)) {
            console.line("kept " + run.evaluation(name) + ", of more images or of another checkpoint");
        }
        console.line("wrote " + run.evaluation(evaluation.split()));
        if (!evaluation.finite()) {
            throw new UserError("some values are not finite (see the table): these "
                    + model.shape().noun()
                    + " are too far from the training data for "
                    + model.config().precision().outsideOfSteps()
                    + ", or the model is broken");
        }
        return 0;
    }

    private void print(Evaluation evaluation, String set, String noun) {
        console.result(String.format(
                Locale.ROOT,
                "%,d %s, %d repeats, seed %d, %.1f s",
                evaluation.images(),
                set,
                evaluation.repeats(),
                evaluation.seed(),
                evaluation.seconds()));
        TextTable table = new TextTable()
                .left(0, 34)
                .right(1, 12)
                .right(1, 10)
                .right(1, 10)
                .left(2, 8)
                .left(2, 0);
        console.result(table.line("quantity", "mean", "std error", "spread", "unit", ""));
        for (Evaluation.Quantity quantity : evaluation.quantities()) {
            console.result(table.line(
                    quantity.name(),
                    quantity.nonFinite() > 0 ? quantity.nonFinite() + " bad" : number(quantity.mean()),
                    number(quantity.standardError()),
                    number(quantity.spread()),
                    quantity.unit(),
                    quantity.description()));
        }
        console.result(
                "std error: of the mean over " + noun + "; spread: standard deviation of the mean between repeats");
    }

    private static String number(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
