package org.likelihood4j.inference.kinds;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How to compute with a trained model of one kind, in the language of matrices that an export's {@code notation} explains: every line
 * is an assignment, or {@code repeat n} or {@code end} around lines that run n times.
 *
 * @param constants that the lines use, beside the model's tensors: numbers, and lists of them
 * @param encode from {@code data} to {@code latent}; of a flow also to {@code logDet}, the log-determinant, nats; empty without a latent
 * @param decode from {@code latent} to {@code data} or {@code intensity}; empty without a latent
 * @param sample from noise and a {@code temperature} to the same, as the command {@code sample} draws
 * @param logProb after {@code encode}, or without a latent from {@code data}, to {@code logProb}, nats; empty of a model without a
 *     likelihood
 */
public record ModelFormulas(
        Map<String, Object> constants,
        List<String> encode,
        List<String> decode,
        List<String> sample,
        List<String> logProb) {
    public ModelFormulas {
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        encode = List.copyOf(encode);
        decode = List.copyOf(decode);
        sample = List.copyOf(sample);
        logProb = List.copyOf(logProb);
    }
}
