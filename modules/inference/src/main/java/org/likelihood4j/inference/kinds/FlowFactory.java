package org.likelihood4j.inference.kinds;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.ScaleConfig;
import org.likelihood4j.config.data.ToyConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.synthetic.densities.PlaneFormula;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.densities.BentGaussian;
import org.likelihood4j.models.densities.LogDensity;
import org.likelihood4j.models.densities.RoundGaussians;
import org.likelihood4j.models.flow.Architecture;
import org.likelihood4j.models.flow.AutoregressiveArchitecture;
import org.likelihood4j.models.flow.FlatArchitecture;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.FlowData;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.MultiscaleArchitecture;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.flow.RowData;
import org.likelihood4j.models.flow.VariationalDequantization;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.LayerFactory;

/** Flows of couplings. */
public final class FlowFactory implements ModelFactory<ModelConfig.RealNvp> {
    /** Of the flow of learned dequantisation noise. */
    private static final int NOISE_COUPLINGS = 4;
    /** Of an autoregressive flow. */
    private static final int MOST_COLUMNS = 64;

    @Override
    public Model create(ModelConfig.RealNvp section, ModelContext context) {
        ModelConfig.RealNvp flow = section.decided(!context.isRows());
        FlowData data = data(flow, context);
        Architecture architecture = architecture(flow, context);
        return new Flow(new Flow.Options(
                data, architecture, dequantization(flow, data, context), target(flow, data, context), context.type()));
    }

    private static Optional<VariationalDequantization> dequantization(
            ModelConfig.RealNvp flow, FlowData data, ModelContext context) {
        return flow.dequantization() == ModelConfig.Dequantization.VARIATIONAL
                ? Optional.of(new VariationalDequantization(
                        (PixelData) data,
                        NOISE_COUPLINGS,
                        network(flow, Math.max(2, flow.conditioner().channels() / 2), context)))
                : Optional.empty();
    }

    private static Optional<LogDensity> target(ModelConfig.RealNvp flow, FlowData data, ModelContext context) {
        if (flow.divergence() != ModelConfig.Divergence.REVERSE) {
            return Optional.empty();
        }
        Optional<PlaneFormula> formula = context.config().data() instanceof ToyConfig toy
                ? Vocabulary.of(toy.density()).formula()
                : Optional.empty();
        if (formula.isEmpty()) {
            throw new ConfigException(
                    "model.divergence",
                    "reverse needs the density itself, which data {type: toy} has with density banana, moons, ring or scales;"
                            + " of other data a flow is fitted by forward");
        }
        // A formula has no columns that are told, and all of them are real numbers.
        if (!data.isOfPlainRows()) {
            throw new ConfigException(
                    "model.marginals",
                    "gaussian learns from data, and a flow with divergence: reverse sees none; leave it out");
        }
        return formula.map(FlowFactory::density);
    }

    /** The same formula in a graph. */
    static LogDensity density(PlaneFormula formula) {
        if (formula instanceof PlaneFormula.Bent bent) {
            return new BentGaussian(bent.width(), bent.height(), bent.bend());
        }
        return new RoundGaussians(((PlaneFormula.Mixture) formula)
                .components().stream()
                        .map(c -> new RoundGaussians.Part(c.logHeight(), List.of(c.x(), c.y()), c.deviation()))
                        .toList());
    }

    /** A multi-scale flow's network of so many channels. */
    private static LayerFactory network(ModelConfig.RealNvp flow, int channels, ModelContext context) {
        return context.told(new ConvNet.Shape(
                Vocabulary.of(flow.conditioner().type()),
                channels,
                flow.conditioner().blocks()));
    }

    private static Architecture architecture(ModelConfig.RealNvp flow, ModelContext context) {
        if (flow.architecture() == ModelConfig.Architecture.FLAT) {
            return new FlatArchitecture(
                    flow.couplings(), NetworkFactory.of(flow.conditioner(), context), family(flow), mixing(flow));
        }
        if (flow.architecture() == ModelConfig.Architecture.AUTOREGRESSIVE) {
            checkColumns(context);
            return new AutoregressiveArchitecture(
                    flow.couplings(),
                    NetworkFactory.masked(context.event().size(), flow.conditioner(), context),
                    family(flow),
                    mixing(flow));
        }
        checkScales(flow, context);
        List<MultiscaleArchitecture.Scale> scales = flow.scales().stream()
                .map(scale -> new MultiscaleArchitecture.Scale(
                        scale.channel(), scale.checkerboard(), network(flow, scale.channels(), context)))
                .toList();
        return new MultiscaleArchitecture(
                scales,
                family(flow),
                flow.actNorm(),
                flow.invertibleConv(),
                flow.base() != ModelConfig.Base.STANDARD,
                flow.base() == ModelConfig.Base.CLASSES ? context.classes() : Optional.empty(),
                flow.logScaleBound() == null ? 0 : flow.logScaleBound());
    }

    private static Mixing mixing(ModelConfig.RealNvp flow) {
        return new Mixing(Vocabulary.of(flow.mixing()), flow.logScaleBound() == null ? 0 : flow.logScaleBound());
    }

    /** Its inverse asks each step's network for each column, all in one graph. */
    private static void checkColumns(ModelContext context) {
        if (!context.isRows()) {
            throw new ConfigException(
                    "model.architecture",
                    "autoregressive is for tables, and the data are images; choose architecture: multiscale or flat");
        }
        int columns = context.event().size();
        if (columns > MOST_COLUMNS) {
            throw new ConfigException(
                    "model.architecture",
                    "autoregressive draws in one pass for each column, of at most " + MOST_COLUMNS
                            + " columns; the data have " + columns + "; choose architecture: flat");
        }
    }

    /** What an image must be for its scales. */
    private static void checkScales(ModelConfig.RealNvp flow, ModelContext context) {
        if (!(context.event() instanceof EventShape.Image image)) {
            throw new ConfigException(
                    "model.architecture", "multiscale is for images, and the data are rows; choose architecture: flat");
        }
        int scales = flow.scales().size();
        int divisor = 1 << (scales - 1);
        if (image.height() % divisor != 0 || image.width() % divisor != 0) {
            int fitting = 1
                    + Math.min(
                            Integer.numberOfTrailingZeros(image.height()),
                            Integer.numberOfTrailingZeros(image.width()));
            throw new ConfigException(
                    "model.scales",
                    String.format(
                            Locale.ROOT,
                            "%d scales need a height and width that %d divides, but images are %s; use at most %d, or"
                                    + " architecture: flat",
                            scales,
                            divisor,
                            context.shape(),
                            fitting));
        }
        int channels = image.channels();
        for (int i = 0; i < scales; i++) {
            ScaleConfig scale = flow.scales().get(i);
            int places = (image.height() >> i) * (image.width() >> i);
            channels = i == 0 ? channels : 4 * channels;
            if (scale.channel() > 0 && channels < 2) {
                throw new ConfigException(
                        "model.scales[" + i + "].channel",
                        "images have 1 channel there, which cannot be split; use checkerboard couplings");
            }
            if (scale.checkerboard() > 0 && places < 2) {
                throw new ConfigException(
                        "model.scales[" + i + "].checkerboard",
                        "one pixel is left there, which has no checkerboard; use channel couplings");
            }
            channels = i > 0 ? channels - channels / 2 : channels;
        }
    }

    private static ElementwiseFamily family(ModelConfig.RealNvp flow) {
        return Vocabulary.of(flow.family(), flow.logScaleBound(), flow.bins(), flow.tailBound());
    }

    private static FlowData data(ModelConfig.RealNvp flow, ModelContext context) {
        // A multi-scale flow has none, and asks for none.
        HalfOrder order = flow.mask() == null ? HalfOrder.CHECKERBOARD : Vocabulary.of(flow.mask());
        if (context.isRows()) {
            int columns = context.event().size();
            if (columns < 2) {
                throw new ConfigException(
                        "model.type",
                        "realnvp needs at least 2 columns, for its two halves; "
                                + (context.given().isPresent()
                                        ? "of the data's " + context.shape().size() + " the condition leaves 1"
                                        : "the data have 1"));
            }
            boolean gaussianized = flow.marginals() == ModelConfig.Marginals.GAUSSIAN;
            return context.given()
                    .map(given -> new RowData(given, order, gaussianized))
                    .orElseGet(() -> new RowData(context.rowColumns(), order, gaussianized));
        }
        if (flow.marginals() == ModelConfig.Marginals.GAUSSIAN) {
            throw new ConfigException(
                    "model.marginals", "gaussian is for tables, and the data are images; leave it out");
        }
        EventShape.Image event = (EventShape.Image) context.event();
        if (!order.splits(event)) {
            throw new ConfigException(
                    "model.mask",
                    order.name().toLowerCase(Locale.ROOT) + " leaves one half of a " + context.shape()
                            + " image empty; choose another");
        }
        return new PixelData(event, ModelContext.LEVELS, order, flow.alpha(), flow.standardizationFloor());
    }
}
