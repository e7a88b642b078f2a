package org.likelihood4j.inference.kinds;

import java.util.Optional;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.FlowData;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.flow.RowData;

/** Flows of couplings. */
public final class FlowFactory implements ModelFactory<ModelConfig.RealNvp> {
    @Override
    public Model create(ModelConfig.RealNvp flow, ModelContext context) {
        return new Flow(new Flow.Options(
                data(flow, context),
                flow.couplings(),
                NetworkFactory.of(flow.conditioner(), flow),
                family(flow),
                context.type()));
    }

    private static ElementwiseFamily family(ModelConfig.RealNvp flow) {
        return switch (flow.family()) {
            case DERIVED -> new DerivedAffineFamily(flow.logScaleBound());
            case AFFINE -> new AffineFamily(flow.logScaleBound());
            case ADDITIVE -> new AdditiveFamily();
        };
    }

    @Override
    public Optional<ModelFormulas> formulas(ModelConfig.RealNvp flow, ModelContext context) {
        return Optional.of(FlowFormulas.of(flow, data(flow, context)));
    }

    private static FlowData data(ModelConfig.RealNvp flow, ModelContext context) {
        HalfOrder order = Vocabulary.of(flow.mask());
        if (context.isRows()) {
            if (context.shape().size() < 2) {
                throw new ConfigException(
                        "model.type", "realnvp needs at least 2 columns, for its two halves; the data have 1");
            }
            return new RowData(EventShape.row(context.shape().size()), order);
        }
        EventShape.Image event = (EventShape.Image) context.event();
        if (!order.splits(event)) {
            throw new ConfigException(
                    "model.mask",
                    flow.mask() + " leaves one half of a " + context.shape() + " image empty; choose another");
        }
        return new PixelData(event, ModelContext.LEVELS, order, flow.alpha(), flow.standardizationFloor());
    }
}
