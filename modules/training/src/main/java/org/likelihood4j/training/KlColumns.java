package org.likelihood4j.training;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;

/** Where the two KLs stand among a model's metrics. */
record KlColumns(int analytic, int sampled) {
    /** Empty unless both are there. */
    static Optional<KlColumns> of(List<Metric> metrics) {
        List<String> names = metrics.stream().map(Metric::name).toList();
        int analytic = names.indexOf(LatentVariableModel.KL_ANALYTIC);
        int sampled = names.indexOf(LatentVariableModel.KL_SAMPLED);
        return analytic < 0 || sampled < 0 ? Optional.empty() : Optional.of(new KlColumns(analytic, sampled));
    }

    void add(KlAgreement.Sum sum, List<double[]> metrics) {
        sum.add(metrics.get(analytic), metrics.get(sampled));
    }
}
