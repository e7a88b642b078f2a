package org.likelihood4j.laboratory.compare;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;

/**
 * What came of one training of a comparison.
 *
 * @param variant the variant's label
 * @param folder the run's, within the comparison's
 * @param outcome {@code completed}, {@code early_stopped} or {@code diverged}
 * @param problem what went wrong, {@code null} if nothing did
 * @param steps of the optimiser
 * @param seconds of wall time that the training took, with validations, pictures and checkpoints
 * @param secondsPerStep the median; {@code null} if it was not measured
 * @param gradientVariance {@code null} where the run did not measure it
 * @param evaluation on the test images; {@code null} before it was done, and after a divergence
 */
public record ComparisonResult(
        String variant,
        long seed,
        String folder,
        String outcome,
        String problem,
        long steps,
        double seconds,
        Double secondsPerStep,
        GradientVariance gradientVariance,
        Evaluation evaluation) {
    static final String BITS = "bits_per_dim";

    /** What evaluations are compared by, where they have it. */
    static final List<String> QUANTITIES = List.of("elbo", "nll", BITS);

    private static final String DIVERGED = "diverged";

    public ComparisonResult {
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(outcome, "outcome");
        if (!RunConfig.isName(folder)) {
            throw new IllegalArgumentException("a result's folder cannot be '" + Printable.shorten(folder) + "'");
        }
        if (outcome.equals(DIVERGED) && problem == null) {
            throw new IllegalArgumentException("a result that diverged must say how");
        }
        problem = problem == null ? null : Printable.line(problem);
    }

    static ComparisonResult trained(
            ComparisonPlan.Run run,
            RunDirectory directory,
            EndReason reason,
            DivergenceException problem,
            double seconds,
            StepTimer timer) {
        return new ComparisonResult(
                run.variant().label(),
                run.seed(),
                directory.path().getFileName().toString(),
                problem == null ? reason.key() : DIVERGED,
                problem == null ? null : problem.getMessage(),
                timer.steps(),
                seconds,
                timer.secondsPerStep(),
                GradientVariance.last(directory),
                null);
    }

    ComparisonResult evaluated(Evaluation result) {
        return new ComparisonResult(
                variant, seed, folder, outcome, problem, steps, seconds, secondsPerStep, gradientVariance, result);
    }

    public boolean diverged() {
        return outcome.equals(DIVERGED);
    }

    /** Whether there is nothing left to do. A training that diverged would diverge again. */
    boolean finished() {
        return evaluation != null || diverged();
    }

    /**
     * A quantity that this result is compared by, by name. A flow has bits/dim alone: its likelihood in nats is that of
     * dequantised pixels, which no other model's is to be compared with.
     */
    Optional<Evaluation.Quantity> compared(String name) {
        return name.equals(BITS) || quantity(BITS).isEmpty() ? quantity(name) : Optional.empty();
    }

    private Optional<Evaluation.Quantity> quantity(String name) {
        return evaluation == null
                ? Optional.empty()
                : evaluation.quantities().stream()
                        .filter(quantity -> quantity.name().equals(name))
                        .findFirst();
    }

    /** One line for people, such as {@code test elbo -100.78 nats, nll 98.57 nats; training 61.2 s}. */
    public String describe() {
        if (diverged()) {
            return problem;
        }
        String values = QUANTITIES.stream()
                .flatMap(name -> compared(name).stream())
                .map(q -> String.format(
                        Locale.ROOT,
                        "%s %s %s",
                        q.name(),
                        q.mean() == null ? "not finite" : String.format(Locale.ROOT, "%.4f", q.mean()),
                        q.unit()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT, "%straining %.1f s", values.isEmpty() ? "" : "test " + values + "; ", seconds);
    }
}
