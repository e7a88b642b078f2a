package org.likelihood4j.training.rounds;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Digests;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Shards;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;

/**
 * What must be the same on every machine that takes part in a training.
 *
 * @param values by what they are of
 */
record Fingerprint(Map<String, String> values) {
    private static final String DATA = "training data";

    Fingerprint {
        values = new LinkedHashMap<>(values);
    }

    /** Of this process, with the training examples that it holds. */
    static Fingerprint of(RunConfig config, Examples train) {
        Map<String, String> values = new LinkedHashMap<>();
        if (config.training().shuffle() == TrainingConfig.Shuffle.ALL) {
            values.put(DATA, train.sha256());
        } else {
            int[][] shards = new Shards(train.size(), config.training().shards()).of(train);
            for (int shard = 0; shard < shards.length; shard++) {
                if (shards[shard] != null) {
                    values.put(DATA + " in shard " + shard, train.sha256(shards[shard]));
                }
            }
        }
        MessageDigest digest = Digests.sha256();
        digest.update(ConfigLoader.toYaml(config).getBytes(StandardCharsets.UTF_8));
        values.put("configuration", Digests.hex(digest));
        EnvironmentProvenance.code().forEach((name, value) -> values.put("program (" + name + ")", value));
        return new Fingerprint(values);
    }

    /** A line on the first thing that is not as a driver has it; what one of the two does not know is not compared. */
    Optional<String> differenceFrom(Fingerprint driver) {
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String here = entry.getValue();
            String there = driver.values().getOrDefault(entry.getKey(), EnvironmentProvenance.UNKNOWN);
            boolean known = !here.equals(EnvironmentProvenance.UNKNOWN) && !there.equals(EnvironmentProvenance.UNKNOWN);
            if (known && !here.equals(there)) {
                return Optional.of("has another " + entry.getKey() + " than the driver: " + here + ", not " + there
                        + (entry.getKey().startsWith(DATA) ? "; give every machine the same files" : ""));
            }
        }
        return Optional.empty();
    }
}
