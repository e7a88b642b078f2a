package org.likelihood4j.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.EvidenceGap;
import org.likelihood4j.runs.FlowLayers;
import org.likelihood4j.runs.LatentSpace;

/**
 * What one run's folder says. The page sees the parts of {@code origin} and {@code course} beside the other keys.
 *
 * @param name of the folder
 * @param origin what was to be trained
 * @param course what its training has told
 * @param headline the one number to look at first; {@code null} if there is none yet
 * @param notes what could not be read
 * @param evaluations that there are
 * @param pictures by kind
 * @param findings of commands that take the model apart
 */
public record RunReport(
        String name,
        @JsonUnwrapped Origin origin,
        @JsonUnwrapped RunHistory.Course course,
        Headline headline,
        List<String> notes,
        List<Evaluation> evaluations,
        Map<String, List<Picture>> pictures,
        @JsonUnwrapped Findings findings) {
    /**
     * What commands have found of the best checkpoint; null where they have not been asked.
     *
     * @param gap where the ELBO loses against log p(x)
     * @param space where latents lie
     * @param layers of a flow of the plane
     */
    record Findings(EvidenceGap gap, LatentSpace space, FlowLayers layers) {}

    /**
     * What was to be trained, and where it comes from.
     *
     * @param model vae, realnvp, or what its config says
     * @param data where the images come from
     * @param plannedEpochs of its config; 0 if not known
     * @param abilities names of what the model can, see {@code MetricsEvent.Ability}: the page chooses its sections by them
     * @param config each key with its value
     * @param provenance versions, machine, data, seed
     */
    record Origin(
            String model,
            String data,
            long plannedEpochs,
            List<String> abilities,
            Map<String, String> config,
            Map<String, String> provenance) {}

    /** The same under another name. */
    RunReport named(String other) {
        return new RunReport(other, origin, course, headline, notes, evaluations, pictures, findings);
    }
}
