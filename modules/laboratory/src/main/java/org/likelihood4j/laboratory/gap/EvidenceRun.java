package org.likelihood4j.laboratory.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.laboratory.evidence.Annealing;
import org.likelihood4j.laboratory.evidence.AnnealingFormulas;
import org.likelihood4j.laboratory.evidence.ChainNoise;
import org.likelihood4j.laboratory.evidence.DiagonalPosteriors;
import org.likelihood4j.laboratory.evidence.LocalFormulas;
import org.likelihood4j.laboratory.evidence.LocalGradient;
import org.likelihood4j.laboratory.evidence.LocalPosterior;
import org.likelihood4j.laboratory.evidence.PosteriorBound;
import org.likelihood4j.laboratory.evidence.PriorStart;
import org.likelihood4j.laboratory.evidence.StartDensity;
import org.likelihood4j.laboratory.evidence.StepSizes;
import org.likelihood4j.laboratory.evidence.Temperatures;
import org.likelihood4j.laboratory.gap.ExampleEvidence.Estimated;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.likelihood4j.runs.statistics.Moments;

/** The compiled programs of a model, and all estimates of some examples at a time. */
final class EvidenceRun implements AutoCloseable {
    /** Rows of latents computed at once, where they are no larger than usual. */
    private static final int ROWS = 1024;

    private final LatentVariableModel model;
    private final GapSettings settings;
    private final int k;
    private final int examples;
    private final EncodedPosteriors encoded;
    private final JointProgram chains;
    private final JointProgram draws;
    private final JointProgram local;
    private final Simulation prior;
    private final LongConsumer spent;

    /**
     * Compiles.
     *
     * @param k of the bound that was trained
     * @param most examples at once
     * @param spent hears of rows computed
     */
    EvidenceRun(TrainedModel trained, GapSettings settings, int k, int most, LongConsumer spent) {
        this.model = (LatentVariableModel) trained.values().model();
        this.settings = settings;
        this.k = k;
        this.spent = spent;
        int drawn = k * Math.max(1, GapSettings.LOCAL_DRAWS / k);
        int rows = MemoryNeed.rows(trained.config(), model, ROWS);
        int limit = Math.max(1, rows / Math.max(settings.chains(), drawn));
        // Parts of one size: the last one is not to be padding.
        int parts = (most + limit - 1) / limit;
        this.examples = (most + parts - 1) / parts;
        Engine engine = ModelBuilder.engine(trained.config());
        this.encoded = new EncodedPosteriors(trained, examples, settings.seed());
        this.chains = new JointProgram(engine, trained.values(), examples, settings.chains(), true);
        this.local =
                model.hasGaussianPosterior() ? new JointProgram(engine, trained.values(), examples, drawn, true) : null;
        this.draws = model.hasGaussianPosterior()
                ? new JointProgram(engine, trained.values(), examples, drawn, false)
                : null;
        this.prior = settings.fromPrior() ? new Simulation(trained, examples, settings.seed()) : null;
    }

    /** How many examples are computed at once. */
    int examples() {
        return examples;
    }

    /**
     * What is asked of some examples.
     *
     * @param like true examples whose classes they have
     * @param numbers of the examples, of which their noise is a function
     * @param purpose of the noise
     * @param posterior exact draws of the posteriors {@code [examples, latent]}; empty of true examples, whose best Gaussians are looked for instead
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Asked(GapInputs inputs, BatchInputs like, int[] numbers, String purpose, double[] posterior) {
        boolean simulated() {
            return posterior.length > 0;
        }
    }

    List<ExampleEvidence> of(Asked asked) {
        DiagonalPosteriors q = encoded.of(asked.inputs(), asked.numbers(), asked.purpose());
        Bounds own = bounds(asked, q);
        Bounds best = Bounds.none(examples);
        Bounds bestOfK = Bounds.none(examples);
        boolean[] converged = new boolean[examples];
        if (!asked.simulated() && local != null) {
            LocalPosterior.Found found = improved(asked, q, 1);
            converged = found.converged();
            best = bounds(asked, found.posteriors());
            bestOfK = k == 1
                    ? Bounds.none(examples)
                    : bounds(asked, improved(asked, q, k).posteriors());
        }
        Annealed annealed = annealed(asked, q);
        List<ExampleEvidence> all = new ArrayList<>();
        for (int n = 0; n < examples; n++) {
            LogMeanExp forward = annealed.forward()[n];
            all.add(new ExampleEvidence(
                    own.elbo()[n],
                    k == 1 ? Estimated.NONE : own.bound()[n],
                    best.elbo()[n],
                    bestOfK.bound()[n],
                    own.importance()[n],
                    best.importance()[n],
                    new Estimated(forward.value(), forward.standardError()),
                    annealed.reverse()[n],
                    forward.effectiveCount(),
                    Math.sqrt(forward.logs().sampleVariance()),
                    annealed.acceptance()[n],
                    converged[n]));
        }
        return all;
    }

    /** By example. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bounds(Estimated[] elbo, Estimated[] bound, Estimated[] importance) {
        static Bounds none(int examples) {
            Estimated[] none = new Estimated[examples];
            Arrays.fill(none, Estimated.NONE);
            return new Bounds(none, none, none);
        }
    }

    private Bounds bounds(Asked asked, DiagonalPosteriors q) {
        Bounds bounds = new Bounds(new Estimated[examples], new Estimated[examples], new Estimated[examples]);
        if (draws == null) {
            LogMeanExp[] weights = encoded.weights(
                    asked.inputs(),
                    asked.numbers(),
                    settings.importanceSamples(),
                    asked.purpose(),
                    () -> spent.accept(examples));
            for (int n = 0; n < examples; n++) {
                bounds.elbo()[n] = mean(weights[n].logs());
                bounds.bound()[n] = Estimated.NONE;
                bounds.importance()[n] = estimated(weights[n]);
            }
            return bounds;
        }
        int each = draws.draws();
        int rounds = rounds();
        try (JointProgram.Bound joint = draws.of(asked.inputs())) {
            PosteriorBound.Value value = new PosteriorBound(joint, model.hasStandardNormalPrior())
                    .of(
                            q,
                            rounds,
                            k,
                            round -> noise(asked, "draws", round * each, each),
                            () -> spent.accept(joint.rows()));
            for (int n = 0; n < examples; n++) {
                bounds.elbo()[n] = mean(value.elbo()[n]);
                bounds.bound()[n] = mean(value.some()[n]);
                bounds.importance()[n] = estimated(value.all()[n]);
            }
        }
        return bounds;
    }

    private int rounds() {
        return (settings.importanceSamples() + draws.draws() - 1) / draws.draws();
    }

    /** K: a whole number of rounds. */
    int importanceSamples() {
        return draws == null ? settings.importanceSamples() : rounds() * draws.draws();
    }

    private ChainNoise noise(Asked asked, String what, int first, int count) {
        return ChainNoise.of(settings.seed(), asked.purpose() + "/" + what, asked.numbers()[0], examples, first, count);
    }

    private LocalPosterior.Found improved(Asked asked, DiagonalPosteriors q, int bound) {
        try (JointProgram.Bound joint = local.of(asked.inputs())) {
            return new LocalPosterior(new LocalGradient(joint, LocalFormulas.derived(), bound), settings.local())
                    .from(q, noise(asked, "local" + bound, 0, local.draws()), () -> spent.accept(joint.rows()));
        }
    }

    /** By example. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Annealed(LogMeanExp[] forward, Estimated[] reverse, double[] acceptance) {}

    private Annealed annealed(Asked asked, DiagonalPosteriors q) {
        int count = settings.chains();
        double[] temperatures = Temperatures.sigmoid(settings.temperatures(), settings.steepness());
        StartDensity start = settings.fromPrior() ? new PriorStart(q, noise -> prior.latents(asked.like(), noise)) : q;
        try (JointProgram.Bound joint = chains.of(asked.inputs())) {
            Annealing annealing = new Annealing(joint, start, AnnealingFormulas.derived(), settings.leapfrogs());
            Annealing.Watch watch = () -> spent.accept((long) joint.rows() * settings.leapfrogs());
            StepSizes sizes = annealing.tune(
                    Temperatures.sigmoid(settings.pilotTemperatures(), settings.steepness()),
                    temperatures,
                    GapSettings.ACCEPTANCE,
                    noise(asked, "pilots", 0, count),
                    watch);
            Annealing.Weighted forward = annealing.forward(sizes, noise(asked, "chains", 0, count), watch);
            LogMeanExp[] weights = means(forward.logWeights(), 1);
            Estimated[] above = new Estimated[examples];
            Arrays.fill(above, Estimated.NONE);
            if (asked.simulated()) {
                Annealing.Weighted reverse = annealing.reverse(
                        repeated(asked.posterior(), count), sizes, noise(asked, "reverse", 0, count), watch);
                LogMeanExp[] inverse = means(reverse.logWeights(), -1);
                for (int n = 0; n < examples; n++) {
                    above[n] = new Estimated(-inverse[n].value(), inverse[n].standardError());
                }
            }
            double[] acceptance = new double[examples];
            for (int n = 0; n < examples; n++) {
                acceptance[n] = Arrays.stream(forward.acceptance(), n * count, (n + 1) * count)
                        .average()
                        .orElseThrow();
            }
            return new Annealed(weights, above, acceptance);
        }
    }

    private LogMeanExp[] means(double[] logs, int sign) {
        LogMeanExp[] means = LogMeanExp.array(examples);
        for (int row = 0; row < logs.length; row++) {
            means[row / settings.chains()].add(sign * logs[row]);
        }
        return means;
    }

    private double[] repeated(double[] rows, int times) {
        int latent = rows.length / examples;
        double[] all = new double[rows.length * times];
        for (int row = 0; row < examples * times; row++) {
            System.arraycopy(rows, row / times * latent, all, row * latent, latent);
        }
        return all;
    }

    private static Estimated mean(Moments moments) {
        return new Estimated(moments.mean(), moments.standardError());
    }

    private static Estimated estimated(LogMeanExp weights) {
        return new Estimated(weights.value(), weights.standardError());
    }

    @Override
    public void close() {
        encoded.close();
        chains.close();
        if (prior != null) {
            prior.close();
        }
        if (local != null) {
            local.close();
            draws.close();
        }
    }
}
