package org.likelihood4j.models.vae;

import static org.likelihood4j.models.vae.VaeCases.hidden;
import static org.likelihood4j.models.vae.VaeCases.likelihood;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelCase;
import org.likelihood4j.models.ModelContract;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvDecoder;
import org.likelihood4j.models.layers.ConvEncoder;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.rows.RowColumns;
import org.likelihood4j.models.rows.Support;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.GaussianRows;
import org.likelihood4j.models.vae.likelihood.LearnedSigma;
import org.likelihood4j.models.vae.likelihood.LogisticMixturePixels;
import org.likelihood4j.models.vae.likelihood.MixedRows;
import org.nd4j.linalg.api.buffer.DataType;

/** The contract of models, of VAEs: a line for each likelihood, and for encoders and decoders of images. */
class VaeLikelihoodContractTest extends ModelContract {
    private static final EventShape ROW = EventShape.row(3);
    private static final FunctionInput.Condition LABEL = new FunctionInput.Condition("label", 3);

    @Override
    protected Stream<ModelCase> models() {
        List<ModelCase> cases = new ArrayList<>();
        cases.add(pixels("VAE, dynamic", 6, 2, Binarization.DYNAMIC, Activation.TANH, 4));
        cases.add(pixels("VAE, static", 4, 1, Binarization.STATIC, Activation.TANH));
        cases.add(pixels("VAE, unbinarised", 5, 3, Binarization.NONE, Activation.SOFTPLUS, 4, 3));
        cases.add(pixels("VAE, one pixel", 1, 1, Binarization.DYNAMIC, Activation.RELU, 12));
        EventShape four = EventShape.row(4);
        cases.add(likelihood("VAE, Gaussian", four, 2, new GaussianPixels(0.4), hidden(Activation.ELU, 4)));
        cases.add(rows("VAE, rows", new GaussianRows(Standardization.ofData(ROW), 0.4), Activation.ELU, 4));
        RowColumns mixed =
                new RowColumns(List.of(new Support.HalfLine(-3), new Support.Integers(), new Support.Interval(-1, 12)));
        cases.add(rows(
                "VAE, rows of mixed columns",
                new GaussianRows(mixed, Standardization.ofData(ROW), 0.4, LearnedSigma.EACH),
                Activation.ELU,
                4));
        List<Support> kinds = List.of(
                new Support.Cells(3),
                new Support.HalfLine(-3),
                new Support.Integers(),
                new Support.Cells(2),
                new Support.Line(),
                new Support.Integers(-1, 4),
                new Support.Cells(4));
        cases.add(columns("VAE, a likelihood a column", kinds, false));
        cases.add(columns("VAE, a likelihood a column, with holes", kinds, true));
        for (Support support : kinds) {
            cases.add(columns("VAE, a column of " + support, List.of(support), false));
        }
        for (LearnedSigma learned : List.of(LearnedSigma.ONE, LearnedSigma.EACH)) {
            GaussianPixels pixels = new GaussianPixels(0.4, learned);
            cases.add(likelihood("VAE, Gaussian, learned " + learned, four, 2, pixels, VaeCases.TANH));
            GaussianRows rows = new GaussianRows(Standardization.ofData(ROW), 0.4, learned);
            cases.add(rows("VAE, rows, learned " + learned, rows, Activation.TANH, 3));
        }
        for (EventShape.Image image : List.of(EventShape.image(2, 2, 1), EventShape.image(1, 2, 3))) {
            LogisticMixturePixels mixture = new LogisticMixturePixels(2);
            cases.add(likelihood("VAE, logistic mixture, " + image, image, 2, mixture, VaeCases.TANH));
        }
        cases.add(new ModelCase(
                "VAE, convolutional and conditional, 3 samples",
                256,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.image(4, 4, 3),
                        2,
                        new ConvEncoder.Shape(List.of(2, 3), 0, List.of(4), Activation.TANH).given(LABEL),
                        new ConvDecoder.Shape(List.of(2, 3), 0, List.of(4), Activation.TANH).given(LABEL),
                        VaeCases.PIXELS,
                        new StandardNormalPrior(2),
                        VaeCases.sampled(3),
                        VaeCases.DRAWS,
                        type))));
        for (boolean holes : new boolean[] {false, true}) {
            cases.add(new ModelCase(
                    "VAE, columns given, 3 samples" + (holes ? ", holes" : ""), 2, type -> given(type, holes)));
        }
        return cases.stream();
    }

    private static GaussianVae given(DataType type, boolean holes) {
        GivenColumns given = new GivenColumns(
                List.of(
                        new Support.Cells(3),
                        new Support.Line(),
                        new Support.Integers(),
                        new Support.HalfLine(-1),
                        new Support.Cells(2)),
                List.of(0, 3));
        LayerFactory network = hidden(Activation.TANH, 4).told(given.size());
        return new GaussianVae(new VaeOptions(
                given.others().shape(),
                2,
                network,
                network,
                new MixedRows(given, holes),
                Optional.of(PosteriorFlow.ofCouplings(2, 1, 2, network, new AffineFamily(1))),
                new FlowPrior(2, 2, network, new AffineFamily(1)),
                VaeCases.sampled(3),
                VaeCases.DRAWS,
                Optional.of(given),
                type));
    }

    private static ModelCase columns(String name, List<Support> supports, boolean holes) {
        MixedRows likelihood = new MixedRows(supports, holes);
        ModelCase made = likelihood(name, EventShape.row(supports.size()), 2, likelihood, hidden(Activation.TANH, 4));
        return new ModelCase(name, 2, made.factory());
    }

    private static ModelCase pixels(
            String name, int dimension, int latent, Binarization seen, Activation activation, Integer... widths) {
        return likelihood(
                name, EventShape.row(dimension), latent, new BernoulliPixels(seen), hidden(activation, widths));
    }

    /** Their numbers are as small as a table's often are. */
    private static ModelCase rows(String name, GaussianRows likelihood, Activation activation, int width) {
        ModelCase made = likelihood(name, ROW, 2, likelihood, hidden(activation, width));
        return new ModelCase(name, 3, made.factory());
    }
}
