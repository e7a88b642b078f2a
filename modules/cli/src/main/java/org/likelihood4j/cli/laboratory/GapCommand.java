package org.likelihood4j.cli.laboratory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.likelihood4j.cli.options.Bounds;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.SplitOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.pictures.PictureGrid;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.laboratory.evidence.LocalPosterior;
import org.likelihood4j.laboratory.gap.GapAnalysis;
import org.likelihood4j.laboratory.gap.GapSettings;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.EvidenceGap;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gap RUN}: where a VAE's ELBO loses against log p(x). */
@Command(
        name = "gap",
        description = {
            "Split what a VAE's ELBO lacks of log p(x) into what its family of posteriors costs (approximation gap) and what its encoder"
                    + " does (amortisation gap), on a split of the run's data. Writes RUN/gap.json and RUN/gap.csv, an image or row a line.",
            "log p(x) is estimated from below, by importance weighting and by annealed importance sampling with Hamiltonian moves; on data"
                    + " drawn from the model from above as well, which says how far annealing is off.",
        })
public final class GapCommand implements Callable<Integer> {
    /** Below 120 columns in all. */
    private static final TextTable TABLE =
            new TextTable().left(0, 26).right(1, 10).right(1, 9).right(1, 11).left(2, 0);

    private static final int SHOWN = 16;
    private static final int SHOWN_COLUMNS = 8;

    private static final List<String> COLUMNS = List.of(
            "place",
            "label",
            "log_evidence",
            "elbo",
            "gap",
            "bound",
            "local",
            "local_bound",
            "importance_weighted",
            "annealed",
            "effective_chains",
            "spread",
            "acceptance");

    @Mixin
    private ModelOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private SplitOptions split;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "The first N images or rows; default: ${DEFAULT-VALUE}.")
    private int images = 100;

    @Option(
            names = "--simulated",
            paramLabel = "N",
            description = "How many to draw from the model, at most as many; 0 for none; default: ${DEFAULT-VALUE}.")
    private int simulated = 100;

    @Option(
            names = "--importance-samples",
            paramLabel = "K",
            description = "Draws for each importance-weighted estimate; default: ${DEFAULT-VALUE}.")
    private int samples = 5000;

    @Option(names = "--chains", paramLabel = "M", description = "Of each image or row; default: ${DEFAULT-VALUE}.")
    private int chains = 16;

    @Option(
            names = "--temperatures",
            paramLabel = "T",
            description = "Steps of each chain; more make it slower and the bounds closer; default: ${DEFAULT-VALUE}.")
    private int temperatures = 200;

    @Option(
            names = "--leapfrogs",
            paramLabel = "N",
            description = "Leapfrog steps of a Hamiltonian move; default: ${DEFAULT-VALUE}.")
    private int leapfrogs = 4;

    @Option(
            names = "--from-prior",
            description =
                    "Let chains start at the prior, not at the encoder's posterior: slower, and it owes the encoder nothing.")
    private boolean fromPrior;

    @Option(names = "--seed", description = "Of all noise; default: the config's.")
    private Long seed;

    private final Console console;

    public GapCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Bounds.positive("--images", images);
        Bounds.within("--importance-samples", samples, 1, 1_000_000);
        Bounds.within("--chains", chains, 1, 1024);
        Bounds.within("--temperatures", temperatures, 1, 1_000_000);
        Bounds.within("--leapfrogs", leapfrogs, 1, 1000);
        if (simulated < 0) {
            throw new UserError("--simulated must be at least 0, was " + simulated);
        }
        RunDirectory run = options.run();
        TrainedModel model = options.model();
        GapAnalysis analysis = new GapAnalysis(
                model,
                new GapSettings(
                        samples,
                        chains,
                        temperatures,
                        leapfrogs,
                        fromPrior,
                        LocalPosterior.Settings.usual(),
                        seed == null ? model.config().evaluation().seed() : seed));
        Calibration.Weights weights = Calibration.Weights.of(run, options.checkpoint());
        Examples all = split.examples(model, console);
        Examples set = all.slice(0, Math.min(images, all.size()));
        int drawn = Math.min(simulated, set.size());
        console.line(String.format(
                Locale.ROOT,
                "the gap of %s (%s) on %,d %s %s and %,d simulated: about %.1f million passes through the decoder",
                run.path(),
                options.checkpoint(),
                set.size(),
                split,
                set.shape().noun(),
                drawn,
                analysis.passes(set.size(), drawn) / 1e6));
        EvidenceGap gap;
        try (ProgressView progress = console.progress()) {
            gap = analysis.of(weights, split.toString(), set, drawn, new DataProgress(progress));
        }
        if (json.wanted()) {
            json.print(console, gap);
        } else {
            print(gap, set.shape().noun());
        }
        // After it was printed: where it cannot be written, it is not lost.
        String name = gap.nameIn(run, options.checkpoint());
        CsvWriter.stream(run.path().resolve(name + ".csv"), COLUMNS, rows -> {
            for (EvidenceGap.Example example : gap.examples()) {
                rows.add(cells(example));
            }
        });
        if (set instanceof ImageSet pictures) {
            draw(pictures, gap, run.path().resolve(name + ".png"));
        }
        console.line("wrote " + gap.save(run, name) + ", " + name + ".csv"
                + (set instanceof ImageSet ? " and a picture of the largest gaps" : ""));
        return 0;
    }

    /** The images with the largest gaps, the largest first. */
    private static void draw(ImageSet set, EvidenceGap gap, Path file) {
        List<byte[]> images = IntStream.range(0, set.size())
                .boxed()
                .filter(i -> gap.examples().get(i).gap() != null)
                .sorted(Comparator.comparingDouble(i -> -gap.examples().get(i).gap()))
                .limit(SHOWN)
                .map(i -> set.gather(new int[] {i}).bytes())
                .toList();
        if (!images.isEmpty()) {
            PictureGrid.samples(set.shape(), images, Math.min(images.size(), SHOWN_COLUMNS))
                    .write(file);
        }
    }

    private static List<Object> cells(EvidenceGap.Example example) {
        List<Object> cells = new ArrayList<>(List.of(example.place(), example.label()));
        for (Double value : new Double[] {
            example.logEvidence(),
            example.elbo(),
            example.gap(),
            example.bound(),
            example.local(),
            example.localBound(),
            example.importance(),
            example.annealed(),
            example.effectiveChains(),
            example.spread(),
            example.acceptance()
        }) {
            cells.add(value == null ? "" : value);
        }
        return cells;
    }

    private void print(EvidenceGap gap, String noun) {
        console.result(String.format(
                Locale.ROOT,
                "%,d %s %s, seed %d, %.1f s",
                gap.examples().size(),
                gap.split(),
                noun,
                gap.seed(),
                gap.seconds()));
        console.result(TABLE.line("nats", "mean", "std error", "Monte Carlo", ""));
        print(gap.quantities());
        if (gap.withoutLocal() != null) {
            console.result("no best Gaussian: " + gap.withoutLocal());
        }
        if (!gap.simulated().isEmpty()) {
            console.result(String.format(
                    Locale.ROOT, "%,d simulated %s", gap.settings().simulated(), noun));
            print(gap.simulated());
        }
        console.result("std error: of the mean over " + noun
                + ", these estimates' noise included; Monte Carlo: what other noise would"
                + " change in it, to first order");
    }

    private void print(List<EvidenceGap.Quantity> quantities) {
        for (EvidenceGap.Quantity quantity : quantities) {
            console.result(TABLE.line(
                    quantity.name(),
                    number(quantity.mean()),
                    number(quantity.standardError()),
                    number(quantity.monteCarloError()),
                    quantity.description()));
        }
    }

    private static String number(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
