package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.LiveOptions;
import org.likelihood4j.cli.options.NewRunOptions;
import org.likelihood4j.cli.session.TestEvaluation;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.session.Trainings;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.pictures.PictureGrid;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.Evaluation.Quantity;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code fit-prior RUN}: a learned prior for a VAE that was trained with another one. Of the bound only the prior's part is trained,
 *
 * <pre>
 * ELBO = E_q[log p(x|z)] + H(q(z|x)) + E_q[log p(z)],
 * </pre>
 *
 * whose mean over the data is greatest where p(z) is the aggregate posterior, the mean of all q(z|x) (Tomczak and Welling 2018, section 2). The rest
 * stays to the bit, so the reconstructions do.
 */
@Command(
        name = "fit-prior",
        description = {
            "Fit a learned prior to the latents of a trained VAE, whose encoder and decoder stay as they are: a new run RUN-prior.",
            "Then the bound, the KL and the likelihood of both on the test set, and images drawn from both."
        })
public final class FitPriorCommand implements Callable<Integer> {
    /** Learned priors, by their names in a configuration. */
    enum Kind {
        REALNVP,
        MIXTURE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int DRAWN = 64;

    @Parameters(paramLabel = "RUN", description = "The VAE's folder, such as runs/quickstart-vae.")
    private Path folder;

    @Option(
            names = "--prior",
            description =
                    "What is fitted: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}. Its own keys with --set,"
                            + " such as model.prior.components=50.")
    private Kind prior = Kind.REALNVP;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data; default: ${DEFAULT-VALUE}.")
    private int epochs = 10;

    @Option(names = "--images", paramLabel = "N", description = "Compare by the first N test images or rows only.")
    private Integer images;

    @Mixin
    private NewRunOptions options;

    @Mixin
    private LiveOptions live = new LiveOptions();

    private final Console console;

    public FitPriorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (epochs < 1) {
            throw new UserError("--epochs must be at least 1, was " + epochs);
        }
        if (images != null && images < 1) {
            throw new UserError("--images must be at least 1, was " + images);
        }
        RunDirectory before = RunDirectory.open(folder);
        RunConfig config = config(before);
        PreflightCheck.start(config);
        Trainings.Ended ended;
        try (LiveServer server = live.bind()) {
            ended = new Trainings(console, server).begin(config, options.runs(), Means.USUAL);
        }
        if (ended.code() == 0) {
            compare(before, ended.run(), first(ended.data().test()));
        }
        return ended.code();
    }

    /** That of the run, but for the prior, what of it is trained, and what weights the bound. */
    private RunConfig config(RunDirectory before) {
        RunConfig old = before.readConfig();
        if (!old.model().hasKl()) {
            throw new UserError(
                    folder + " is no VAE: only a model with latents has a prior that could be fitted to them");
        }
        List<String> settings = new ArrayList<>(List.of(
                "name='" + old.name() + "-prior'",
                "model.prior={type: " + prior + "}",
                "loss=null",
                "training.startFrom='" + folder.toString().replace("'", "''") + "'",
                "training.only=prior",
                "training.local=null",
                "training.epochs=" + epochs,
                "training.schedule={type: cosine}",
                "training.warmupSteps=0",
                "training.earlyStopping=null",
                "training.imagesEvery=" + epochs));
        settings.addAll(options.overrides());
        return ConfigLoader.load(before.config(), settings);
    }

    private Examples first(Examples all) {
        return images == null || images >= all.size() ? all : all.slice(0, images);
    }

    private void compare(RunDirectory before, RunDirectory after, Examples test) {
        Evaluation one = TestEvaluation.of(before, test, null, console);
        Evaluation other = TestEvaluation.of(after, test, null, console);
        // Of the fitted one alone: what the other run has of its own may be of more.
        other.save(after);
        console.line("");
        console.result(String.format(
                Locale.ROOT, "%,d test examples, the same noise; std error of each mean in brackets", one.images()));
        TextTable table = new TextTable()
                .left(0, 16)
                .right(1, 22)
                .right(1, 22)
                .right(1, 12)
                .left(2, 0);
        console.result(table.line("quantity", "before", "after", "difference", "unit"));
        for (Quantity quantity : one.quantities()) {
            other.quantities().stream()
                    .filter(same -> same.name().equals(quantity.name()))
                    .filter(same -> same.mean() != null && quantity.mean() != null)
                    .forEach(same -> console.result(table.line(
                            quantity.name(),
                            number(quantity),
                            number(same),
                            String.format(Locale.ROOT, "%+.4f", same.mean() - quantity.mean()),
                            quantity.unit())));
        }
        draw(before, after);
    }

    private static String number(Quantity quantity) {
        String mean = String.format(Locale.ROOT, "%.4f", quantity.mean());
        return quantity.standardError() == null
                ? mean
                : mean + String.format(Locale.ROOT, " (%.4f)", quantity.standardError());
    }

    /** Images by the same seed: the first of each grid need not be alike, since each prior makes its own latents of the noise. */
    private void draw(RunDirectory before, RunDirectory after) {
        Path pictures = after.path().resolve(RunPicture.SAMPLES.folder());
        draw(before, pictures.resolve("before.png"));
        draw(after, pictures.resolve("after.png"));
    }

    private void draw(RunDirectory run, Path target) {
        TrainedModel model = TestEvaluation.open(run);
        if (model.shape() instanceof ImageShape shape) {
            Conditions conditions = Conditions.inTurn(model.condition(), DRAWN);
            PictureGrid.samples(shape, model.sample(conditions, 1, 1)).write(target);
            console.line("wrote " + target);
        }
    }
}
