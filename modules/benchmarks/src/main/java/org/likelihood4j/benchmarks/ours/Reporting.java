package org.likelihood4j.benchmarks.ours;

import java.util.List;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Our best engine as the trainer runs it for a VAE: with the sampled KL in its reports, each step's two KLs are collected with
 * their differences, once for the step, once for the log's line and once for the epoch.
 */
public final class Reporting implements Contender {
    /** Without the sampled KL, which the other's time is divided by, and with it. */
    public static final List<String> NAMES = List.of("without", "with sampled KL");

    private static final int COLLECTIONS = 3;

    private final String name;
    private final Ours ours;
    private final Case theCase;
    private final int analytic;
    private final int sampled;
    /** Behind all metrics. */
    private final int variance;

    private Reporting(String name, Ours ours, Case theCase) {
        this.name = name;
        this.ours = ours;
        this.theCase = theCase;
        List<String> metrics =
                theCase.model().metrics().stream().map(Metric::name).toList();
        this.analytic = metrics.indexOf(LatentVariableModel.KL_ANALYTIC);
        this.sampled = metrics.indexOf(LatentVariableModel.KL_SAMPLED);
        this.variance = metrics.size();
    }

    /** By one of the {@link #NAMES}. */
    public static Reporting of(String name, Update update) {
        Case theCase = Case.of(Workload.Vae.shipped(name.equals(NAMES.get(1))), update);
        OurEngine engine = OurEngine.best();
        return new Reporting(name, new Ours(engine, theCase), theCase);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        ours.reset();
    }

    @Override
    public void run(Phase phase, int steps) {
        for (int i = 0; i < steps; i++) {
            StepResult result = ours.step(phase, i % theCase.feed().size());
            if (sampled >= 0) {
                for (int j = 0; j < COLLECTIONS; j++) {
                    collect(
                            result.metrics().get(analytic),
                            result.metrics().get(sampled),
                            result.metrics().get(variance));
                }
            }
        }
    }

    private static void collect(double[] analyticKl, double[] sampledKl, double[] variance) {
        Moments first = new Moments();
        Moments second = new Moments();
        Moments differences = new Moments();
        Moments variances = new Moments();
        for (int i = 0; i < analyticKl.length; i++) {
            first.add(analyticKl[i]);
            second.add(sampledKl[i]);
            differences.add(sampledKl[i] - analyticKl[i]);
            variances.add(variance[i]);
        }
        if (differences.count() != analyticKl.length || variances.count() != analyticKl.length) {
            throw new IllegalStateException("lost examples");
        }
    }

    @Override
    public void requireAgreement(Reference reference) {
        ours.requireAgreement(reference);
    }

    @Override
    public void close() {
        ours.close();
    }
}
