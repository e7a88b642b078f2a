package org.likelihood4j.laboratory.gap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.evidence.StepSizes;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.EvidenceGap;

/**
 * Splits what a VAE's ELBO lacks of log p(x) (Cremer et al. 2018): with the best Gaussian posterior q* of each example,
 *
 * <pre>
 * log p(x) - ELBO(q)  =  KL(q || p(z|x))  =  log p(x) - ELBO(q*)   +   ELBO(q*) - ELBO(q)
 *                                            approximation gap         amortisation gap
 * </pre>
 *
 * <p>log p(x) is estimated from below, by importance weighting and by annealing, and on data drawn from the model from above as well.
 */
public final class GapAnalysis {
    private final TrainedModel trained;
    private final LatentVariableModel model;
    private final GapSettings settings;

    /** @throws RunException if the model is none whose gap can be told; says why */
    public GapAnalysis(TrainedModel trained, GapSettings settings) {
        this.trained = trained;
        this.settings = settings;
        String run = "the model of the run '" + trained.config().name() + "' ";
        if (!(trained.values().model() instanceof LatentVariableModel vae)) {
            throw new RunException(run + "has an exact log-likelihood: between it and log p(x) there is no gap");
        }
        this.model = vae;
        if (!vae.hasLikelihood()) {
            throw new RunException(
                    run
                            + "has no likelihood: unbinarised pixels have no probability under a Bernoulli; set binarization to dynamic or static");
        }
        boolean noisy = vae.jointDensity(1).inputs().stream()
                .anyMatch(input -> input instanceof FunctionInput.NoiseInput noise && noise.renewal() == Renewal.DRAW);
        if (noisy) {
            throw new RunException(run
                    + "adds noise to whole numbers at each draw (likelihood: gaussian), so that p(x|z) is known of no row as it is"
                    + " stored; with likelihood: {type: columns} there is no such noise");
        }
    }

    /** k of the bound that was trained. */
    public int trainedBound() {
        Integer k = trained.config().loss().importanceSamples();
        return k == null ? 1 : k;
    }

    /** Decoder passes that are made for so many true and simulated examples, at most: what it costs. */
    public long passes(int images, int simulated) {
        long moves = settings.temperatures() - 1L;
        long pilots = settings.pilotTemperatures() + (long) StepSizes.WARM_UP;
        long chain = (long) settings.chains() * settings.leapfrogs();
        long local = (long) GapSettings.LOCAL_DRAWS * settings.local().mostSteps() * (trainedBound() == 1 ? 1 : 2);
        long sums = settings.importanceSamples();
        boolean improves = model.hasGaussianPosterior();
        return images * (chain * (pilots + moves) + sums * (improves ? 2 : 1) + (improves ? local : 0))
                + simulated * (chain * (pilots + 2 * moves) + sums);
    }

    /**
     * Estimates everything.
     *
     * @param set true examples
     * @param simulated how many examples are drawn from the model, at most as many
     * @throws CancellationException if {@code progress} says that it is cancelled
     */
    public EvidenceGap of(
            Calibration.Weights weights, String split, Examples set, int simulated, ProgressListener progress) {
        long started = System.nanoTime();
        Work work = new Work(progress);
        List<ExampleEvidence> real;
        List<ExampleEvidence> drawn;
        int samples;
        try (EvidenceRun run = new EvidenceRun(trained, settings, trainedBound(), set.size(), work)) {
            samples = run.importanceSamples();
            work.start("true " + set.shape().noun(), passes(set.size(), 0));
            real = each(
                    run,
                    set,
                    split,
                    chunk -> new EvidenceRun.Asked(
                            chunk.inputs(), chunk.inputs(), chunk.numbers(), split, new double[0]));
            work.start("simulated " + set.shape().noun(), passes(0, simulated));
            drawn = simulated == 0 ? List.of() : simulated(run, set.slice(0, simulated), split);
        }
        return new GapTable(settings, trainedBound(), samples, model.hasGaussianPosterior())
                .of(weights, split, set, real, drawn, (System.nanoTime() - started) / 1e9);
    }

    private List<ExampleEvidence> simulated(EvidenceRun run, Examples set, String split) {
        try (Simulation simulation = new Simulation(trained, run.examples(), settings.seed())) {
            return each(run, set, split, chunk -> {
                Simulation.Drawn drawn = simulation.like(chunk.inputs());
                return new EvidenceRun.Asked(
                        new SimulatedInputs(chunk.inputs(), drawn.data()),
                        chunk.inputs(),
                        chunk.numbers(),
                        "simulated",
                        drawn.latents());
            });
        }
    }

    /** Some examples. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(BatchInputs inputs, int[] numbers) {}

    private List<ExampleEvidence> each(
            EvidenceRun run, Examples set, String split, Function<Chunk, EvidenceRun.Asked> asked) {
        NoiseKeys keys = NoiseKeys.evaluation(
                trained.config().seed(), trained.config().evaluation().seed(), split, 0);
        List<ExampleEvidence> all = new ArrayList<>();
        for (int i = 0; i < Batches.covering(set, run.examples()); i++) {
            Batch batch = Batches.evaluation(set, run.examples(), i);
            Chunk chunk = new Chunk(new BatchInputs(batch, keys), batch.indices());
            all.addAll(run.of(asked.apply(chunk)).subList(0, batch.size()));
        }
        return all;
    }

    /** Decoder passes so far. */
    private static final class Work implements LongConsumer {
        private final ProgressListener progress;
        private String what = "";
        private long done;
        private long total;

        Work(ProgressListener progress) {
            this.progress = progress;
        }

        void start(String name, long passes) {
            what = name;
            done = 0;
            total = passes;
        }

        @Override
        public void accept(long passes) {
            if (progress.cancelled()) {
                throw new CancellationException("the estimate of the gap was cancelled");
            }
            done += passes;
            progress.progress(what, Math.min(done, total), total);
        }
    }
}
