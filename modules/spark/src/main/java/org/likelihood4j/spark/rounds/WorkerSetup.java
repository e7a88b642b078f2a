package org.likelihood4j.spark.rounds;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.PartialExamples;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.Shards;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.training.rounds.WorkerData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What a worker is made of.
 *
 * @param config the text of the run's configuration
 * @param paths overrides by which it finds the data from wherever it runs
 * @param datasets the project's folder of published data, as the driver sees it
 * @param sizes of the data, where each worker reads its shards only; null where all read everything
 */
record WorkerSetup(String config, List<String> paths, String datasets, SplitSizes sizes) implements Serializable {
    /** Where the data of a configuration lie. */
    private static final List<String> PATHS = List.of("path", "testPath", "labels", "testLabels");

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerSetup.class);

    WorkerSetup {
        paths = List.copyOf(paths);
    }

    /**
     * That of a run's workers: paths count from where the driver was started.
     *
     * @param data as the driver has them
     * @throws ConfigException if workers are to read their shards only, and cannot
     */
    static WorkerSetup of(RunConfig config, Path datasets, Splits data) {
        SplitSizes sizes = null;
        if (config.training().shuffle() == TrainingConfig.Shuffle.SHARDS) {
            part(config, datasets).requireParts(data);
            sizes = SplitSizes.of(data);
        }
        String yaml = ConfigLoader.toYaml(config);
        JsonNode section = ConfigLoader.toTree(config).path("data");
        return new WorkerSetup(
                yaml,
                PATHS.stream()
                        .filter(key -> section.path(key).isString())
                        .map(key -> absolute(key, section.path(key).asString()))
                        .toList(),
                datasets.toAbsolutePath().toString(),
                sizes);
    }

    private static PartialSource part(RunConfig config, Path datasets) {
        if (DataSources.source(config.data(), datasets) instanceof PartialSource source) {
            return source;
        }
        throw new ConfigException(
                "training.shuffle",
                "shards needs data that workers can read in part, which those of this data.type are not; such are parquet, csv, idx, npy,"
                        + " images, digits and toy. With shuffle all every worker reads all data");
    }

    private static String absolute(String key, String path) {
        Setting setting =
                Setting.text("data." + key, Path.of(path).toAbsolutePath().toString());
        return setting.key() + "=" + setting.value();
    }

    /** All data, which the workers of a process share, or a source of parts, of which each has its own. */
    WorkerData data() {
        RunConfig found = ConfigLoader.parseRecorded(config, "config.yaml", paths);
        if (sizes == null) {
            return WorkerData.of(
                    DataSources.source(found.data(), Path.of(datasets)).load(ProgressListener.none()));
        }
        PartialSource source = part(found, Path.of(datasets));
        ExampleShape shape = source.shape();
        Shards shards = new Shards(sizes.train(), found.training().shards());
        return new WorkerData() {
            @Override
            public ExampleShape shape() {
                return shape;
            }

            @Override
            public int size() {
                return sizes.train();
            }

            @Override
            public Examples examples(int first, int count) {
                PartialExamples held = source.readShards(sizes, shards, first, count, ProgressListener.none());
                LOG.info(
                        "read {} of {} training examples: {} shards from {} on",
                        held.held(),
                        sizes.train(),
                        count,
                        first);
                return held;
            }
        };
    }
}
