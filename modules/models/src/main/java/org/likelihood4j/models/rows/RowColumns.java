package org.likelihood4j.models.rows;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The columns of a table as a model sees them: {@code v = x + u} for whole numbers, u uniform on [0, 1), and {@code v = x} for all others. The
 * expectation over u of a log-density of v is at most the log of the probability of the whole numbers times the density of the others
 * (Theis et al. 2016).
 *
 * @param supports of each column
 */
public record RowColumns(List<Support> supports) {
    public RowColumns {
        supports = List.copyOf(supports);
    }

    /** All real numbers. */
    public static RowColumns ofNumbers(int columns) {
        return new RowColumns(Collections.nCopies(columns, new Support.Line()));
    }

    public EventShape.Row shape() {
        return EventShape.row(supports.size());
    }

    /** How many hold whole numbers. */
    public int discrete() {
        return (int) supports.stream().filter(Support::isDiscrete).count();
    }

    /** v {@code [N, D]} of the stored rows. */
    public SDVariable observe(GraphBuilder g, SDVariable stored) {
        if (discrete() == 0) {
            return stored;
        }
        SDVariable noise =
                g.input(new FunctionInput.NoiseInput("dequantization_noise", shape(), Noise.UNIFORM, Renewal.DRAW));
        double[] whole = supports.stream()
                .mapToDouble(support -> support.isDiscrete() ? 1 : 0)
                .toArray();
        SDVariable mask = g.sameDiff()
                .constant(Nd4j.createFromArray(whole).castTo(g.type()).reshape(1, whole.length));
        return stored.add(noise.mul(mask));
    }

    /** From v to the real line; empty where all columns are there. */
    public Optional<RealLine> realLine() {
        boolean straight = supports.stream().allMatch(RealLine::isStraight);
        return straight ? Optional.empty() : Optional.of(new RealLine(shape(), supports));
    }
}
