package org.likelihood4j.spark.rounds;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import tools.jackson.databind.JsonNode;

/**
 * What a worker is made of.
 *
 * @param config the text of the run's configuration
 * @param paths overrides by which it finds the data from wherever it runs
 * @param datasets the project's folder of published data, as the driver sees it
 */
record WorkerSetup(String config, List<String> paths, String datasets) implements Serializable {
    /** Where the data of a configuration lie. */
    private static final List<String> PATHS = List.of("path", "testPath", "labels", "testLabels");

    private static final long serialVersionUID = 1;

    WorkerSetup {
        paths = List.copyOf(paths);
    }

    /** That of a run's workers: paths count from where the driver was started. */
    static WorkerSetup of(RunConfig config, Path datasets) {
        String yaml = ConfigLoader.toYaml(config);
        JsonNode data = ConfigLoader.toTree(config).path("data");
        return new WorkerSetup(
                yaml,
                PATHS.stream()
                        .filter(key -> data.path(key).isString())
                        .map(key -> absolute(key, data.path(key).asString()))
                        .toList(),
                datasets.toAbsolutePath().toString());
    }

    private static String absolute(String key, String path) {
        Setting setting =
                Setting.text("data." + key, Path.of(path).toAbsolutePath().toString());
        return setting.key() + "=" + setting.value();
    }

    /** Reads the data, as the driver has. */
    Splits data() {
        RunConfig found = ConfigLoader.parseRecorded(config, "config.yaml", paths);
        return DataSources.source(found.data(), Path.of(datasets)).load(ProgressListener.none());
    }
}
