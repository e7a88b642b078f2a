package org.likelihood4j.training.rounds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.engine.StepResult;

/**
 * What neighbouring shards of a step report.
 *
 * @param shards of each its loss and metrics, in order
 * @param gradientNorm before clipping: of the whole step's mean gradient, or the largest of theirs, where each was updated by its own; NaN where
 *     one was not
 */
record ShardResults(List<StepResult> shards, double gradientNorm) {
    ShardResults {
        shards = List.copyOf(shards);
    }

    /** One shard's, which stay when the next step writes to the same arrays. */
    static StepResult kept(StepResult result, double gradientNorm) {
        return new StepResult(
                result.loss(),
                gradientNorm,
                result.metrics().stream().map(double[]::clone).toList());
    }

    /**
     * The step's own report: the loss is the shards' mean, summed in their tree, and the metrics stand in the order of the batch.
     *
     * @param parts that together are all shards, in order
     */
    static StepResult whole(List<ShardResults> parts) {
        List<StepResult> shards =
                parts.stream().flatMap(part -> part.shards().stream()).toList();
        double loss = sum(shards.stream().mapToDouble(StepResult::loss).toArray()) / shards.size();
        double norm = parts.stream()
                .mapToDouble(ShardResults::gradientNorm)
                .reduce(Math::max)
                .orElseThrow();
        List<double[]> metrics = new ArrayList<>();
        for (int i = 0; i < shards.get(0).metrics().size(); i++) {
            int output = i;
            metrics.add(shards.stream()
                    .flatMapToDouble(shard -> Arrays.stream(shard.metrics().get(output)))
                    .toArray());
        }
        return new StepResult(loss, norm, metrics);
    }

    /** {@code ((0 + 1) + (2 + 3)) + ...} of a power of two of numbers. */
    private static double sum(double... numbers) {
        double[] sums = numbers.clone();
        for (int width = 1; width < sums.length; width *= 2) {
            for (int i = 0; i < sums.length; i += 2 * width) {
                sums[i] += sums[i + width];
            }
        }
        return sums[0];
    }
}
