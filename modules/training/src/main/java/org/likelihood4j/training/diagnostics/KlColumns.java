package org.likelihood4j.training.diagnostics;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;

/** Where the two KLs, and the variance of the sampled one, stand among the outputs of a model's loss, after the loss itself. */
record KlColumns(int analytic, int sampled, int variance) {
    static final List<String> NAMES = List.of(
            LatentVariableModel.KL_ANALYTIC, LatentVariableModel.KL_SAMPLED, LatentVariableModel.KL_SAMPLED_VARIANCE);

    /** Where a program computes nothing but {@link #NAMES}. */
    static final KlColumns ALONE = new KlColumns(0, 1, 2);

    /** Empty unless both KLs are there. */
    static Optional<KlColumns> of(List<Metric> metrics) {
        List<String> names = metrics.stream().map(Metric::name).toList();
        int analytic = names.indexOf(LatentVariableModel.KL_ANALYTIC);
        int sampled = names.indexOf(LatentVariableModel.KL_SAMPLED);
        return analytic < 0 || sampled < 0
                ? Optional.empty()
                : Optional.of(new KlColumns(analytic, sampled, metrics.size()));
    }

    void add(KlAgreement.Sum sum, List<double[]> outputs) {
        sum.add(outputs.get(analytic), outputs.get(sampled), outputs.get(variance));
    }
}
