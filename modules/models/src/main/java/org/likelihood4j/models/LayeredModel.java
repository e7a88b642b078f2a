package org.likelihood4j.models;

import java.util.List;

/**
 * A density whose latents are an invertible map of the data, made of layers that can be looked at one by one. Place 0 is that of the data, place k behind layer k, the
 * last one that of the latents.
 */
public interface LayeredModel extends ExactDensityModel {
    /** The names of its layers, from data to latents: of the parts that learn, else of their kinds. */
    List<String> layerNames();

    /** Data at all places: {@link #layerOutput} {@code [N, size]}. */
    ModelFunction forwardLayers();

    /**
     * Latents, a {@link FunctionInput.Value}, at all places: {@link #layerOutput} {@code [N, size]}, and {@link #layerLogDet} {@code [N]}, log|det| of the map
     * from the latents to there, nats.
     */
    ModelFunction inverseLayers();

    /** An output. */
    static String layerOutput(int place) {
        return "layer" + place;
    }

    /** An output of {@link #inverseLayers}, for all places but that of the latents, where it is 0. */
    static String layerLogDet(int place) {
        return "layer" + place + "_log_det";
    }
}
