package org.likelihood4j.training.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.statistics.Moments;

/** What the steps since some moment reported, or one step alone, each example weighing the same. */
public final class RunningMetrics {
    private final Model model;
    private final Optional<KlColumns> columns;
    private MetricMeans averages;
    private Moments minimized;
    private KlAgreement.Sum kl;

    public RunningMetrics(Model model) {
        this.model = model;
        this.columns = KlColumns.of(model.metrics());
        clear();
    }

    public void add(StepResult result) {
        averages.add(result.metrics());
        minimized.add(result.loss());
        columns.ifPresent(present -> present.add(kl, result.metrics()));
    }

    /**
     * Takes in what another has gathered.
     *
     * @param other of the same model
     */
    public void add(RunningMetrics other) {
        averages.add(other.averages);
        minimized.add(other.minimized);
        kl.add(other.kl);
    }

    /**
     * {@code loss} (minus the mean of the first metric) and each metric by name; {@code weighted_loss}, what was minimised,
     * where that is something else.
     */
    public Map<String, Double> means() {
        Map<String, Double> means = averages.means();
        if (model.hasWeightedLoss()) {
            means.put("weighted_loss", minimized.mean());
        }
        return means;
    }

    /** Null without both KLs. */
    public KlAgreement agreement() {
        return columns.isPresent() ? kl.result() : null;
    }

    /** All there is to remember, to be saved. */
    public List<Moments.Snapshot> snapshot() {
        return moments().stream().map(Moments::snapshot).toList();
    }

    /**
     * Goes on from what was saved.
     *
     * @throws RunException if that was of another model
     */
    public void restore(List<Moments.Snapshot> saved) {
        List<Moments> moments = moments();
        if (saved.size() != moments.size()) {
            throw new RunException("the checkpoint's state.json has " + saved.size()
                    + " running means, the model of config.yaml has " + moments.size());
        }
        for (int i = 0; i < saved.size(); i++) {
            moments.get(i).restore(saved.get(i));
        }
    }

    private List<Moments> moments() {
        List<Moments> moments = new ArrayList<>(averages.moments());
        moments.add(minimized);
        moments.addAll(kl.moments());
        return moments;
    }

    public void clear() {
        averages = new MetricMeans(model.metrics());
        minimized = new Moments();
        kl = new KlAgreement.Sum();
    }
}
