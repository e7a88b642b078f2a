package org.likelihood4j.laboratory.latents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.FlowLayers;
import org.likelihood4j.runs.FlowLayers.Space;
import org.likelihood4j.runs.LatentSpace;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Flows and VAEs of rows with random values. */
class LayerSurveyTest {
    private static final Calibration.Weights WEIGHTS = new Calibration.Weights("best", "0");

    private static TrainedModel model(String yaml, int columns) {
        VectorShape shape = VectorShape.numbered(columns);
        RunConfig config = ConfigLoader.parse("name: a\nprecision: float64\n" + yaml, "a.yaml", List.of());
        DataType type = ModelBuilder.type(config.precision());
        ModelValues values = ModelValues.initial(ModelBuilder.create(config, shape), type, 1);
        double[] noise = new Random(2)
                .doubles(values.parameters().flat().length(), -0.15, 0.15)
                .toArray();
        values.parameters().flat().addi(Nd4j.createFromArray(noise).castTo(type));
        if (values.buffers() != null) {
            values.buffers().flat().addi(1);
        }
        return new TrainedModel(config, shape, values);
    }

    private static Examples rows(TrainedModel model, int count) {
        int columns = model.shape().size();
        double[] cells = new Random(3).doubles((long) count * columns, -2, 2).toArray();
        return Table.owning((VectorShape) model.shape(), cells, new int[count]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "couplings: 3, conditioner: {hidden: [8]}",
                "couplings: 2, family: spline, conditioner: {hidden: [8]}, mixing: lu",
                "architecture: autoregressive, couplings: 2, conditioner: {hidden: [8]}",
            })
    void gridAndDataMeetInTheSameSpaces(String flow) {
        TrainedModel model = model("data: {type: toy}\nmodel: {type: realnvp, " + flow + "}\n", 2);
        Examples set = rows(model, 20);
        FlowLayers layers = new LayerSurvey(model).of(WEIGHTS, set, "test");
        List<Space> spaces = layers.spaces();
        Space data = spaces.get(0);
        Space latents = spaces.get(spaces.size() - 1);
        assertThat(spaces).hasSizeGreaterThan(3);
        assertThat(data.name()).isEqualTo("data");
        // Data as they are, and latents as encode has them.
        double[] latent = model.encode(set, new int[] {7}, "test").get(0);
        assertThat(data.dataX()[7]).isCloseTo(set.values(7)[0], within(1e-4));
        assertThat(latents.dataX()[7]).isCloseTo(latent[0], within(1e-4));
        assertThat(latents.dataY()[7]).isCloseTo(latent[1], within(1e-4));
        // The grid's place in the data, encoded, is where it began.
        int node = 7 * layers.size() + 12;
        Examples moved =
                Table.owning((VectorShape) model.shape(), new double[] {data.x()[node], data.y()[node]}, new int[1]);
        double[] back = model.encode(moved, new int[] {0}, "test").get(0);
        assertThat(back[0]).isCloseTo(latents.x()[node], within(2e-3));
        assertThat(back[1]).isCloseTo(latents.y()[node], within(2e-3));
        // And the density there is the model's own, by the way forward.
        double base = -Math.log(2 * Math.PI) - 0.5 * (Math.pow(latents.x()[node], 2) + Math.pow(latents.y()[node], 2));
        assertThat(base - data.logDet()[node]).isCloseTo(model.logWeights(moved, "test")[0], within(2e-3));
        for (Space space : spaces) {
            assertAreas(layers, space);
        }
    }

    /** log|det| against the area of the grid's cells around a node, by finite differences: of second order in the grid's step. */
    private static void assertAreas(FlowLayers layers, Space space) {
        int size = layers.size();
        double step = 2 * layers.extent() / (size - 1);
        int close = 0;
        int all = 0;
        for (int row = 1; row + 1 < size; row++) {
            for (int column = 1; column + 1 < size; column++) {
                int i = row * size + column;
                double xx = space.x()[i + 1] - space.x()[i - 1];
                double yx = space.y()[i + 1] - space.y()[i - 1];
                double xy = space.x()[i + size] - space.x()[i - size];
                double yy = space.y()[i + size] - space.y()[i - size];
                double area = Math.abs(xx * yy - xy * yx) / (4 * step * step);
                all++;
                close += Math.abs(Math.log(area) - space.logDet()[i]) < 0.1 ? 1 : 0;
            }
        }
        assertThat(close).as(space.name()).isGreaterThan((int) (0.8 * all));
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new LayerSurvey(model(
                        "data: {type: toy}\nmodel: {type: realnvp, couplings: 2, conditioner: {hidden: [4]}}\n", 3)))
                .withMessageContaining("is of 3 numbers; only a flow of two");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new LayerSurvey(model(VAE, 3)))
                .withMessageContaining("is no flow");
    }

    private static final String VAE = """
            data: {type: toy}
            model: {type: vae, latent: 3, encoder: {hidden: [4]}, decoder: {hidden: [4]}, likelihood: {type: gaussian, sigma: 0.5}}
            """;

    @Test
    void theKlIsInformationAndWhatThePriorIsWrongBy() {
        TrainedModel model = model(VAE, 3);
        LatentSpace space = new LatentSurvey(model, rows(model, 300), "test").of(WEIGHTS);
        assertThat(space.quantities())
                .extracting(LatentSpace.Quantity::name)
                .containsExactly("kl", "information", "aggregate_kl");
        double information = space.quantities().get(1).mean();
        assertThat(information).isBetween(0.0, Math.log(300));
        assertThat(information + space.quantities().get(2).mean())
                .isCloseTo(space.quantities().get(0).mean(), within(1e-9));
        assertThat(space.x()).hasSize(300);
        // Of one example the mixture is the posterior itself, as the model has it; and the KL in closed form is the
        // mean.
        Examples set = rows(model, 300);
        LatentVariableModel vae = (LatentVariableModel) model.values().model();
        double[] analytic = {0};
        model.overSet(
                vae.posterior(),
                List.of(
                        LatentVariableModel.MEAN,
                        LatentVariableModel.LOG_VARIANCE,
                        LatentVariableModel.LATENT,
                        LatentVariableModel.LOG_POSTERIOR,
                        LatentVariableModel.KL_ANALYTIC_PER_DIMENSION),
                set,
                "test",
                values -> {
                    double[][] mean = {Arrays.copyOf(values.get(LatentVariableModel.MEAN), 3)};
                    double[][] logVariance = {Arrays.copyOf(values.get(LatentVariableModel.LOG_VARIANCE), 3)};
                    double[][] draw = {Arrays.copyOf(values.get(LatentVariableModel.LATENT), 3)};
                    assertThat(new GaussianMixture(mean, logVariance).logDensities(draw)[0])
                            .isCloseTo(values.get(LatentVariableModel.LOG_POSTERIOR)[0], within(1e-9));
                    analytic[0] += Arrays.stream(values.get(LatentVariableModel.KL_ANALYTIC_PER_DIMENSION))
                                    .sum()
                            / 300;
                });
        LatentSpace.Quantity kl = space.quantities().get(0);
        assertThat(kl.mean()).isCloseTo(analytic[0], within(5 * kl.standardError()));
        assertThat(space.axes().get(0).variance())
                .isGreaterThanOrEqualTo(space.axes().get(1).variance());
        assertThat(space.plane().prior()).isNotNull();
    }

    /** Where all encodings lie on a line, the other axis is across it. */
    @Test
    void axesAreOrthogonalWhateverTheEncodingsSpan() {
        TrainedModel model = model(VAE, 3);
        double[] cells = new double[3 * 40];
        Arrays.fill(cells, 0.5);
        LatentSpace space = new LatentSurvey(
                        model, Table.owning((VectorShape) model.shape(), cells, new int[40]), "test")
                .of(WEIGHTS);
        assertThat(space.axes().get(1).name()).isEqualTo("a direction without variance");
        assertThat(space.axes().get(1).variance()).isCloseTo(0, within(1e-12));
        // The grid holds N(0, I), whose mass on it is nearly 1.
        LatentSpace.Plane plane = space.plane();
        double cell = (plane.high()[0] - plane.low()[0])
                * (plane.high()[1] - plane.low()[1])
                / ((plane.size() - 1.0) * (plane.size() - 1));
        assertThat(Arrays.stream(plane.prior()).sum() * cell).isCloseTo(1, within(0.01));
    }

    /** Of a flow there is a map, and nothing to split; of a prior that was learned, draws. */
    @Test
    void flowsAndLearnedPriorsHaveAMap() {
        TrainedModel flow =
                model("data: {type: toy}\nmodel: {type: realnvp, couplings: 2, conditioner: {hidden: [4]}}\n", 3);
        LatentSpace space = new LatentSurvey(flow, rows(flow, 40), "test").of(WEIGHTS);
        assertThat(space.quantities()).isEmpty();
        assertThat(space.axes().get(0).name()).isEqualTo("principal component 1");
        TrainedModel vae = model(VAE.replace("latent: 3", "latent: 2, prior: {type: mixture, components: 2}"), 3);
        LatentSpace two = new LatentSurvey(vae, rows(vae, 40), "test").of(WEIGHTS);
        assertThat(two.axes()).extracting(LatentSpace.Axis::name).containsExactly("z_1", "z_2");
        assertThat(two.plane().prior()).isNotNull();
        assertThat(two.axes().get(0).share() + two.axes().get(1).share()).isCloseTo(1, within(1e-9));
    }
}
