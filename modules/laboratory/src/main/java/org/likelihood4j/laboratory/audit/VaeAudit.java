package org.likelihood4j.laboratory.audit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.laboratory.verify.FormulaRun;
import org.likelihood4j.laboratory.verify.Gaussian;
import org.likelihood4j.laboratory.verify.LargestError;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.runs.statistics.Moments;

/** A trained VAE: that its KLs agree, that they are what plain Java makes of the same posteriors, and the order of the bounds. */
final class VaeAudit {
    /** Of a posterior with a flow. */
    private static final int JACOBIANS = 8;
    /** Draws of the posterior for each image. */
    private static final int DRAWS = 20;

    private static final double Z_LIMIT = 5;
    private static final String LOG_POSTERIOR = "log q(z|x)";

    private final Audit.Subject subject;
    private final LatentVariableModel model;
    private final int latent;

    VaeAudit(Audit.Subject subject, LatentVariableModel model) {
        this.subject = subject;
        this.model = model;
        this.latent = model.latentShape().size();
    }

    void run(Consumer<Finding> sink) {
        klAgreement(sink);
        sink.accept(bounds());
    }

    private void klAgreement(Consumer<Finding> sink) {
        ModelFunction posterior = model.posterior();
        Moments differences = new Moments();
        LargestError analyticError = new LargestError();
        LargestError densityError = new LargestError();
        LargestError sampledError = new LargestError();
        try (CompiledFunction compiled =
                FormulaRun.of(posterior, subject.values(), subject.images().rows())) {
            for (int draw = 0; draw < DRAWS; draw++) {
                OutputValues results = compiled.overInputs(subject.images().inputs(posterior));
                double[] logPosterior = results.get(LatentVariableModel.LOG_POSTERIOR);
                double[] logPrior = results.get(LatentVariableModel.LOG_PRIOR);
                boolean both = model.hasAnalyticKl();
                double[] kl = both ? results.get(LatentVariableModel.KL_ANALYTIC_PER_DIMENSION) : new double[0];
                double[] sampled = both ? results.get(LatentVariableModel.KL_SAMPLED_PER_DIMENSION) : new double[0];
                for (int n = 0; n < logPosterior.length; n++) {
                    if (model.hasGaussianPosterior()) {
                        densityError.compare(logPosterior[n], logPosterior(results, n));
                    }
                    if (both) {
                        sampledError.compare(sum(sampled, n), logPosterior[n] - logPrior[n]);
                        differences.add(sum(sampled, n) - sum(kl, n));
                        analyticError.compare(sum(kl, n), analyticKl(results, n));
                    }
                }
            }
        }
        // A sum of terms of the size of its largest, each rounded.
        double limit = subject.single() ? 1e-4 : 1e-11;
        sink.accept(
                model.hasGaussianPosterior()
                        ? Finding.atMost(
                                limit,
                                LOG_POSTERIOR,
                                "plain Java, of the " + subject.precision() + " posterior, z",
                                densityError.cases(),
                                densityError.error())
                        : flowDensity());
        if (model.hasAnalyticKl()) {
            sink.accept(Finding.atMost(
                    limit,
                    "KL in closed form",
                    "plain Java, of the " + subject.precision() + " posterior",
                    analyticError.cases(),
                    analyticError.error()));
            sink.accept(Finding.atMost(
                    limit,
                    "sampled KL = log q(z|x) - log p(z)",
                    "the model's own densities at the same z",
                    sampledError.cases(),
                    sampledError.error()));
            sink.accept(Finding.atMost(
                    Z_LIMIT,
                    "sampled KL = analytic KL, in the mean",
                    "|z-score| over images and " + DRAWS + " draws",
                    differences.count(),
                    Math.abs(z(differences))));
        } else {
            sink.accept(Finding.none(
                    "KL in closed form",
                    model.hasGaussianPosterior() ? "none for a learned prior" : "none for a posterior with a flow"));
        }
    }

    /** {@code log q(z|x) = log N(eps; 0, I) - log|det dz/deps|}, of the whole way from noise to z. */
    private Finding flowDensity() {
        ModelValues values = subject.exact();
        ModelFunction posterior = ((LatentVariableModel) values.model()).posterior();
        String noise = posterior.inputs().stream()
                .filter(input -> input instanceof FunctionInput.NoiseInput drawn && drawn.renewal() == Renewal.DRAW)
                .map(FunctionInput::name)
                .findFirst()
                .orElseThrow();
        Map<String, double[][]> inputs = subject.images().inputs(posterior);
        double[] logPosterior;
        try (CompiledFunction compiled =
                FormulaRun.of(posterior, values, subject.images().rows())) {
            logPosterior = compiled.overInputs(inputs).get(LatentVariableModel.LOG_POSTERIOR);
        }
        LargestError worst = new LargestError();
        ModelFunction way = ((LatentVariableModel) values.model()).posterior();
        for (int n = 0; n < Math.min(JACOBIANS, logPosterior.length); n++) {
            int row = n;
            Map<String, double[]> example = new HashMap<>();
            inputs.forEach((name, rows) -> example.put(name, rows[row]));
            double logDet;
            try {
                logDet = Linearizer.of(way, values, example, noise, LatentVariableModel.LATENT)
                        .logAbsDet();
            } catch (UnsupportedOperationException e) {
                return Finding.none(LOG_POSTERIOR, e.getMessage());
            }
            double base = Arrays.stream(example.get(noise))
                    .map(eps -> Gaussian.logDensity(eps, 0, 1))
                    .sum();
            worst.compare(logPosterior[n], base - logDet);
        }
        return Finding.atMost(
                1e-8, LOG_POSTERIOR, "LU of the Jacobian of z by its noise, float64", worst.cases(), worst.error());
    }

    private Finding bounds() {
        String formula = "ELBO <= importance-weighted bound";
        if (!model.hasLikelihood()) {
            return Finding.none(formula, "none, the model has no likelihood");
        }
        ModelFunction loss = model.trainingLoss();
        ModelFunction weight = model.logWeight();
        int rows = subject.images().rows();
        double[] elbo = new double[rows];
        double[][] logWeights = new double[rows][DRAWS];
        try (CompiledFunction losses = FormulaRun.of(loss, subject.values(), rows);
                CompiledFunction weights = FormulaRun.of(weight, subject.values(), rows)) {
            for (int draw = 0; draw < DRAWS; draw++) {
                double[] bound =
                        losses.overInputs(subject.images().inputs(loss)).get("elbo");
                double[] logWeight =
                        weights.overInputs(subject.images().inputs(weight)).get("log_weight");
                for (int n = 0; n < rows; n++) {
                    elbo[n] += bound[n] / DRAWS;
                    logWeights[n][draw] = logWeight[n];
                }
            }
        }
        Moments excess = new Moments();
        for (int n = 0; n < rows; n++) {
            excess.add(elbo[n] - logMeanExp(logWeights[n]));
        }
        return Finding.atMost(
                Z_LIMIT, formula, "mean excess in standard errors, K = " + DRAWS, excess.count(), z(excess));
    }

    private double sum(double[] perDimension, int row) {
        double sum = 0;
        for (int j = row * latent; j < (row + 1) * latent; j++) {
            sum += perDimension[j];
        }
        return sum;
    }

    /** {@code sum over j of 1/2 (sigma^2 + mu^2 - log sigma^2 - 1)}. */
    private double analyticKl(OutputValues results, int row) {
        double sum = 0;
        for (int j = row * latent; j < (row + 1) * latent; j++) {
            double mu = results.get(LatentVariableModel.MEAN)[j];
            double v = results.get(LatentVariableModel.LOG_VARIANCE)[j];
            sum += 0.5 * (Math.exp(v) + mu * mu - v - 1);
        }
        return sum;
    }

    private double logPosterior(OutputValues results, int row) {
        double sum = 0;
        for (int j = row * latent; j < (row + 1) * latent; j++) {
            sum += Gaussian.logDensity(
                    results.get(LatentVariableModel.LATENT)[j],
                    results.get(LatentVariableModel.MEAN)[j],
                    Math.exp(results.get(LatentVariableModel.LOG_VARIANCE)[j]));
        }
        return sum;
    }

    private static double logMeanExp(double... logs) {
        double max = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            max = Math.max(max, log);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - max);
        }
        return max + Math.log(sum / logs.length);
    }

    /** The mean in standard errors; NaN for a single value. */
    private static double z(Moments moments) {
        return moments.mean() == 0 ? 0 : moments.mean() / moments.standardError();
    }
}
