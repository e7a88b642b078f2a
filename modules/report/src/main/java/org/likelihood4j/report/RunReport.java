package org.likelihood4j.report;

import java.util.List;
import java.util.Map;
import org.likelihood4j.runs.Evaluation;

/**
 * What one run's folder says.
 *
 * @param name of the folder
 * @param model vae, realnvp, or what its config says
 * @param data where the images come from
 * @param plannedEpochs of its config; 0 if not known
 * @param progress how far the training is
 * @param headline the one number to look at first; {@code null} if there is none yet
 * @param tables series over the epoch by name, see {@link RunHistory}
 * @param latents KL of each latent dimension; {@code null} if there is none
 * @param marks what happened
 * @param warnings of the training
 * @param notes what could not be read
 * @param config each key with its value
 * @param provenance versions, machine, data, seed
 * @param evaluations that there are
 * @param pictures by kind
 */
public record RunReport(
        String name,
        String model,
        String data,
        long plannedEpochs,
        RunHistory.Progress progress,
        Headline headline,
        Map<String, SeriesTable.Rows> tables,
        LatentMap.Picture latents,
        List<Notices.Mark> marks,
        List<String> warnings,
        List<String> notes,
        Map<String, String> config,
        Map<String, String> provenance,
        List<Evaluation> evaluations,
        Map<String, List<Picture>> pictures) {
    /** The same under another name. */
    RunReport named(String other) {
        return new RunReport(
                other,
                model,
                data,
                plannedEpochs,
                progress,
                headline,
                tables,
                latents,
                marks,
                warnings,
                notes,
                config,
                provenance,
                evaluations,
                pictures);
    }
}
