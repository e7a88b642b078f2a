package org.likelihood4j.laboratory.latents;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.LayeredModel;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.FlowLayers;
import org.likelihood4j.runs.FlowLayers.Space;

/**
 * A flow of the plane layer by layer: a regular grid of latents on its way to the data, data on their way to the latents, and between any two layers both in
 * the same space, in which the model's density is {@code log p_k(x_k) = log N(z; 0, I) - log|det dx_k/dz|}.
 */
public final class LayerSurvey {
    /** Beyond this square N(0, I) has one latent of 185. */
    private static final double EXTENT = 3;

    private static final int SIZE = 31;
    private static final int MOST_POINTS = 1000;

    private final TrainedModel trained;
    private final LayeredModel flow;

    /** @throws RunException if it is no flow of two numbers that is told nothing */
    public LayerSurvey(TrainedModel trained) {
        this.trained = trained;
        String run = "the model of the run '" + trained.config().name() + "' ";
        if (!(trained.values().model() instanceof LayeredModel own)) {
            throw new RunException(run + "is no flow: only a flow has layers that can be undone");
        }
        flow = own;
        if (trained.condition().isPresent() || trained.given().isPresent()) {
            throw new RunException(
                    run
                            + "is told something of each example, so that there is a map for each; only a flow that is told nothing is drawn");
        }
        if (flow.shape().size() != 2 || flow.latentShape().size() != 2) {
            throw new RunException(
                    run + "is of " + flow.shape().size() + " numbers; only a flow of two can be drawn layer by layer");
        }
    }

    /** Takes the grid and examples through all layers. */
    public FlowLayers of(Calibration.Weights weights, Examples all, String split) {
        Examples set = all.slice(0, Math.min(MOST_POINTS, all.size()));
        List<String> names = new ArrayList<>(List.of("data"));
        names.addAll(flow.layerNames());
        List<double[]> points = points(set, split, names.size());
        Map<String, double[]> grid = grid();
        grid.forEach((name, values) -> requireFinite(name + " of the grid", values));
        points.forEach(values -> requireFinite("data between the layers", values));
        List<Space> spaces = new ArrayList<>();
        for (int place = 0; place < names.size(); place++) {
            double[] nodes = grid.get(LayeredModel.layerOutput(place));
            boolean latent = place == names.size() - 1;
            spaces.add(new Space(
                    latent ? names.get(place) + ": latents" : names.get(place),
                    every(nodes, 0),
                    every(nodes, 1),
                    latent ? new double[SIZE * SIZE] : Digits.rounded(grid.get(LayeredModel.layerLogDet(place))),
                    every(points.get(place), 0),
                    every(points.get(place), 1)));
        }
        return new FlowLayers(
                FlowLayers.FORMAT_VERSION,
                weights,
                split,
                EXTENT,
                SIZE,
                trained.shape() instanceof VectorShape rows ? rows.names() : List.of("x_1", "x_2"),
                set.labelled() ? trained.classes() : List.of(),
                IntStream.range(0, set.size()).map(set::label).toArray(),
                spaces);
    }

    /** Of each space its points, one after the other. */
    private List<double[]> points(Examples set, String split, int count) {
        List<String> outputs =
                IntStream.range(0, count).mapToObj(LayeredModel::layerOutput).toList();
        List<double[]> spaces = IntStream.range(0, count)
                .mapToObj(place -> new double[2 * set.size()])
                .toList();
        int[] filled = {0};
        trained.overSet(flow.forwardLayers(), outputs, set, split, values -> {
            int length = 0;
            for (int place = 0; place < count; place++) {
                double[] some = values.get(outputs.get(place));
                length = some.length;
                System.arraycopy(some, 0, spaces.get(place), filled[0], length);
            }
            filled[0] += length;
        });
        return spaces;
    }

    private Map<String, double[]> grid() {
        List<double[]> latents = IntStream.range(0, SIZE * SIZE)
                .mapToObj(node -> new double[] {at(node % SIZE), at(node / SIZE)})
                .toList();
        Map<String, double[]> all = new TreeMap<>();
        try (CompiledFunction program = CompiledFunction.compile(
                ModelBuilder.engine(trained.config()), flow.inverseLayers(), trained.values(), latents.size())) {
            OutputValues values = program.overValues(latents, List.of());
            values.all().forEach(all::put);
        }
        return all;
    }

    private static void requireFinite(String what, double[] values) {
        long bad =
                Arrays.stream(values).filter(value -> !Double.isFinite(value)).count();
        if (bad > 0) {
            throw new RunException(what + ": " + bad + " values are not finite, so there is nothing to draw");
        }
    }

    private static double at(int node) {
        return -EXTENT + 2 * EXTENT * node / (SIZE - 1);
    }

    /** One of the two numbers of each place. */
    private static double[] every(double[] places, int number) {
        return Digits.rounded(IntStream.range(0, places.length / 2)
                .mapToDouble(i -> places[2 * i + number])
                .toArray());
    }
}
