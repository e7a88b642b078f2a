package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelCase;
import org.likelihood4j.models.ModelContract;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.layers.ResidualMlp;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.rows.RowColumns;
import org.likelihood4j.models.rows.Support;
import org.nd4j.linalg.api.buffer.DataType;

/** The contract of models, of flows: a line for each architecture, family, kind of data and condition. */
class FlowContractTest extends ModelContract {
    private static final ElementwiseFamily DERIVED = new DerivedAffineFamily(1.5);
    private static final FunctionInput.Condition LABEL = new FunctionInput.Condition("label", 3);

    @Override
    protected Stream<ModelCase> models() {
        List<ModelCase> cases = new ArrayList<>();
        for (HalfOrder order : HalfOrder.values()) {
            cases.add(flow("RealNVP, " + order, EventShape.image(4, 4, 1), 256, 2, order, hidden(Activation.TANH, 3)));
            cases.add(rows("RealNVP, rows, " + order, 5, order));
        }
        Mlp.Hidden swish = hidden(Activation.SWISH, 3, 2);
        cases.add(flow("RealNVP, colour", EventShape.image(2, 2, 3), 256, 3, HalfOrder.CHECKERBOARD, swish));
        Mlp.Hidden none = hidden(Activation.TANH);
        cases.add(flow("RealNVP, two pixels", EventShape.image(1, 2, 1), 2, 3, HalfOrder.COLUMNS, none));
        cases.add(rows("RealNVP, rows of two", 2, HalfOrder.CHECKERBOARD));
        LayerFactory small = hidden(Activation.TANH, 3);
        for (ElementwiseFamily family :
                List.of(new AffineFamily(1.5), new AdditiveFamily(), new RationalQuadraticFamily(4, 2))) {
            cases.add(columns("flow, " + family, small, family));
        }
        Masked masked = new Masked(3, hidden(Activation.TANH, 4));
        for (ElementwiseFamily family : List.of(new AffineFamily(1), new RationalQuadraticFamily(3, 30))) {
            for (Mixing.Kind kind : Mixing.Kind.values()) {
                cases.add(autoregressive(family + " mixed by " + kind, masked, family, new Mixing(kind, 1)));
            }
        }
        LayerFactory residual = new Masked(3, new ResidualMlp.Shape(4, 1, Activation.TANH, 0));
        cases.add(autoregressive("residual", residual, new AffineFamily(3), Mixing.NONE));
        cases.add(autoregressive("conditional", masked.given(LABEL), new AffineFamily(1), Mixing.NONE));
        LayerFactory dropping = new Mlp.Hidden(List.of(3), Activation.TANH, 0.1);
        cases.add(columns("flow, units dropped", dropping, new AffineFamily(1.5)));
        RowColumns mixed = new RowColumns(List.of(
                new Support.Integers(),
                new Support.HalfLine(-1),
                new Support.Cells(5),
                new Support.Interval(-1, 9),
                new Support.Line()));
        cases.add(flow(
                "flow, rows of mixed columns",
                5,
                3,
                new RowData(mixed, HalfOrder.HALVES, false),
                hidden(Activation.TANH, 3),
                DERIVED));
        cases.add(columns("flow, conditional", small.given(LABEL), DERIVED));
        GivenColumns given = new GivenColumns(
                List.of(
                        new Support.Cells(5),
                        new Support.HalfLine(-1),
                        new Support.Integers(),
                        new Support.Line(),
                        new Support.Cells(5),
                        new Support.Interval(-1, 9)),
                List.of(4, 2, 1));
        RowData told = new RowData(given, HalfOrder.HALVES, false);
        cases.add(flow("flow, columns given", 5, 3, told, small.told(given.size()), DERIVED));
        cases.add(new ModelCase(
                "autoregressive flow, columns given",
                5,
                type -> new Flow(new Flow.Options(
                        told,
                        new AutoregressiveArchitecture(2, masked.told(given.size()), new AffineFamily(1), Mixing.NONE),
                        type))));
        cases.add(multiscale("RealNVP, multi-scale", EventShape.image(4, 4, 1), false));
        cases.add(multiscale("RealNVP, multi-scale, mixed and conditional", EventShape.image(4, 8, 3), true));
        for (int kind = 0; kind < 3; kind++) {
            int fitted = kind;
            cases.add(new ModelCase("flow, fitted to a density, " + kind, 5, type -> SmallFlows.fitted(fitted, type)));
        }
        cases.add(new ModelCase("RealNVP, multi-scale, learned noise", 16, FlowContractTest::withLearnedNoise));
        return cases.stream();
    }

    private static ModelCase autoregressive(
            String name, LayerFactory network, ElementwiseFamily family, Mixing mixing) {
        RowData data = new RowData(EventShape.row(3), HalfOrder.CHECKERBOARD);
        return new ModelCase(
                "autoregressive flow, " + name,
                5,
                type -> new Flow(
                        new Flow.Options(data, new AutoregressiveArchitecture(2, network, family, mixing), type)));
    }

    private static Mlp.Hidden hidden(Activation activation, Integer... widths) {
        return new Mlp.Hidden(List.of(widths), activation);
    }

    private static ModelCase flow(
            String name, EventShape.Image image, int levels, int couplings, HalfOrder order, LayerFactory network) {
        return flow(name, levels, couplings, new PixelData(image, levels, order, 0.05, 1e-3), network, DERIVED);
    }

    private static ModelCase columns(String name, LayerFactory network, ElementwiseFamily family) {
        PixelData data = new PixelData(EventShape.image(2, 2, 1), 16, HalfOrder.COLUMNS, 0.05, 1e-3);
        return flow(name, 16, 3, data, network, family);
    }

    private static ModelCase rows(String name, int dimension, HalfOrder halves) {
        RowData data = new RowData(EventShape.row(dimension), halves);
        return flow(name, 5, 3, data, hidden(Activation.TANH, 3), DERIVED);
    }

    private static ModelCase flow(
            String name, int levels, int couplings, FlowData data, LayerFactory network, ElementwiseFamily family) {
        return new ModelCase(name, levels, type -> new Flow(new Flow.Options(data, couplings, network, family, type)));
    }

    /** Of three scales. */
    private static ModelCase multiscale(String name, EventShape.Image image, boolean mixed) {
        // Without blocks: its gradient is smooth enough for differences through all scales.
        ConvNet.Shape plain = new ConvNet.Shape(ConvNet.Block.GATED, 2, 0);
        ConvNet.Shape net = mixed ? plain.given(LABEL) : plain;
        return new ModelCase(
                name,
                256,
                type -> new Flow(new Flow.Options(
                        new PixelData(image, 256, HalfOrder.CHECKERBOARD, 0.05, 1e-3),
                        new MultiscaleArchitecture(
                                List.of(
                                        new MultiscaleArchitecture.Scale(0, 2, net),
                                        new MultiscaleArchitecture.Scale(2, 0, net),
                                        new MultiscaleArchitecture.Scale(1, 0, net)),
                                mixed ? new AffineFamily(1) : new DerivedAffineFamily(1),
                                mixed,
                                mixed,
                                true,
                                mixed ? Optional.of(LABEL) : Optional.empty(),
                                1),
                        type)));
    }

    private static Flow withLearnedNoise(DataType type) {
        ConvNet.Shape net = new ConvNet.Shape(ConvNet.Block.GATED, 2, 0);
        PixelData data = new PixelData(EventShape.image(2, 3, 2), 16, HalfOrder.CHECKERBOARD, 0.05, 1e-3);
        return new Flow(new Flow.Options(
                data,
                new MultiscaleArchitecture(
                        List.of(new MultiscaleArchitecture.Scale(1, 1, net)),
                        new AffineFamily(1),
                        false,
                        false,
                        false,
                        1),
                Optional.of(new VariationalDequantization(data, 2, net)),
                type));
    }
}
