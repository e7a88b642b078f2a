package org.likelihood4j.runs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;

/**
 * Where a model's ELBO loses against log p(x): {@code gap.json}, of another checkpoint than the best one {@code gap-CHECKPOINT.json}.
 *
 * @param formatVersion 1
 * @param weights that it is of
 * @param split train, validation or test
 * @param seed of all noise
 * @param settings of the estimates
 * @param quantities of true examples, in the order in which they are best read
 * @param simulated of data drawn from the model
 * @param examples the true examples, one by one
 * @param withoutLocal why there is no best Gaussian posterior; null where there is
 * @param seconds it took
 */
public record EvidenceGap(
        int formatVersion,
        Calibration.Weights weights,
        String split,
        long seed,
        Settings settings,
        List<Quantity> quantities,
        List<Quantity> simulated,
        List<Example> examples,
        String withoutLocal,
        double seconds) {
    /** The newest. */
    public static final int FORMAT_VERSION = 1;

    /** An example takes some 300 bytes of it. */
    private static final FindingsFile<EvidenceGap> FILE =
            new FindingsFile<>(EvidenceGap.class, "gap", JsonFiles.PRETTY, 1 << 26);

    /**
     * Of the estimates.
     *
     * @param importanceSamples K
     * @param trainedBound k of the bound that was trained
     * @param chains of each example
     * @param temperatures steps of the annealing
     * @param leapfrogs steps of a move
     * @param start {@code posterior} or {@code prior}
     * @param simulated how many examples were drawn from the model
     */
    public record Settings(
            int importanceSamples,
            int trainedBound,
            int chains,
            int temperatures,
            int leapfrogs,
            String start,
            int simulated) {
        public Settings {
            start = Printable.line(Printable.shorten(Objects.requireNonNull(start, "start")));
        }
    }

    /**
     * A mean over examples, nats.
     *
     * @param mean null where a value is not finite
     * @param standardError over examples; null where there is one only
     * @param monteCarloError what other noise would change in the mean, to first order; null where that is not known
     */
    public record Quantity(String name, Double mean, Double standardError, Double monteCarloError, String description) {
        /** The texts may be a file's. */
        public Quantity {
            name = Printable.line(name);
            description = Printable.line(description);
        }
    }

    /**
     * One example, nats; null where a value is not there or not finite.
     *
     * @param place in the split
     * @param logEvidence the estimate of log p(x) that the gaps are of
     * @param elbo of the encoder's posterior
     * @param bound that was trained, where that is of k above 1
     * @param local the ELBO of the best Gaussian posterior
     * @param localBound the bound of k of the Gaussian that is best for it
     * @param importance importance-weighted estimate
     * @param annealed estimate of annealed importance sampling
     * @param effectiveChains of the chains' weights
     * @param spread standard deviation of log w between chains
     * @param acceptance mean probability of a move
     */
    public record Example(
            int place,
            int label,
            Double logEvidence,
            Double elbo,
            Double bound,
            Double local,
            Double localBound,
            Double importance,
            Double annealed,
            Double effectiveChains,
            Double spread,
            Double acceptance) {
        /** {@code KL(q(z|x) || p(z|x))}; null where one of both is not known. */
        public Double gap() {
            return logEvidence == null || elbo == null ? null : (Double) (logEvidence - elbo);
        }
    }

    /** @throws IllegalArgumentException if it is none; the values may be a file's */
    public EvidenceGap {
        if (formatVersion != FORMAT_VERSION) {
            throw new IllegalArgumentException("formatVersion is " + formatVersion + ", expected " + FORMAT_VERSION);
        }
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(settings, "settings");
        split = Printable.line(Printable.shorten(Objects.requireNonNull(split, "split")));
        withoutLocal = withoutLocal == null ? null : Printable.line(withoutLocal);
        quantities = List.copyOf(quantities);
        simulated = List.copyOf(simulated);
        examples = List.copyOf(examples);
    }

    /** A quantity of true examples, if there is one of that name. */
    public Optional<Quantity> quantity(String name) {
        return find(quantities, name);
    }

    /** A quantity of simulated data, if there is one of that name. */
    public Optional<Quantity> ofSimulated(String name) {
        return find(simulated, name);
    }

    private static Optional<Quantity> find(List<Quantity> all, String name) {
        return all.stream().filter(quantity -> quantity.name().equals(name)).findFirst();
    }

    /**
     * What this one's files are called, without their endings: {@code gap}, or {@code gap-CHECKPOINT}; and with {@code -SPLIT-EXAMPLES} behind it where the run
     * has one of more examples, or of another split, that it should not replace.
     *
     * @param checkpoint as it was asked for: {@code last}, {@code best} or a folder's name
     */
    public String nameIn(RunDirectory run, String checkpoint) {
        return FILE.nameIn(
                run,
                checkpoint,
                other -> other.examples.size() > examples.size() || !other.split.equals(split),
                split + "-" + examples.size());
    }

    /**
     * Writes it into its run.
     *
     * @param name of {@link #nameIn}
     * @return the file
     * @throws RunException if it cannot be written
     */
    public Path save(RunDirectory run, String name) {
        return FILE.save(run, name, this);
    }

    /**
     * That of a checkpoint, if the run has one.
     *
     * @throws RunException if it is there and cannot be read
     */
    public static Optional<EvidenceGap> read(RunDirectory run, String checkpoint) {
        return FILE.read(run, checkpoint);
    }
}
