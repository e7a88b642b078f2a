package org.likelihood4j.inference.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.Splits;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Provenance;
import org.nd4j.linalg.factory.Nd4j;

/** The {@link Provenance} of what this JVM makes: its versions, the machine, the data and the seed. */
public final class EnvironmentProvenance {
    /** A column of labels that are all different names no classes, and would fill every checkpoint. */
    private static final int MOST_CLASSES = 1000;

    private static final int LONGEST_CLASSES = 1 << 16;
    private static final int MOST_NAMED = 10;

    /** In the place of what is not known. */
    public static final String UNKNOWN = "unknown";

    private EnvironmentProvenance() {}

    /** Of a run that starts now, in this JVM. */
    public static Provenance gather(Splits data, String description, RunConfig config) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.putAll(code());
        values.put("device", ComputeDevice.of(config).description());
        values.put("native", System.getProperty("org.bytedeco.javacpp.platform.extension", "default"));
        values.put("threads", System.getenv().getOrDefault("OMP_NUM_THREADS", "default"));
        values.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        values.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        values.put("processors", Runtime.getRuntime().availableProcessors());
        values.put("engine", config.engine().toString());
        values.put("seed", config.seed());
        values.put("data", description);
        Map<String, Object> checksums = new LinkedHashMap<>();
        checksums.put("train", data.train().sha256());
        checksums.put("validation", data.validation().sha256());
        checksums.put("test", data.test().sha256());
        values.put("data_sha256", checksums);
        startedFrom(config).ifPresent(sum -> values.put(Provenance.STARTED_FROM, sum));
        if (isKept(data.classes())) {
            values.put(Provenance.CLASSES, data.classes());
        }
        if (!data.leftOut().isEmpty()) {
            Map<String, Object> leftOut = new LinkedHashMap<>();
            leftOut.put("count", data.leftOut().size());
            leftOut.put("first", data.leftOut().stream().limit(MOST_NAMED).toList());
            values.put("data_left_out", leftOut);
        }
        return new Provenance(values);
    }

    /** Which program this is: its version, revision and ND4J's version; {@link #UNKNOWN} where that is not known. */
    public static Map<String, String> code() {
        Map<String, String> code = new LinkedHashMap<>();
        code.put("likelihood4j", version());
        code.put("revision", System.getProperty("likelihood4j.revision", UNKNOWN));
        code.put("nd4j", nd4jVersion());
        return code;
    }

    /** Who goes on with a training needs the run no more that it started from. */
    private static Optional<String> startedFrom(RunConfig config) {
        try {
            return StartWeights.of(config).map(StartWeights::sha256);
        } catch (ConfigException | RunException e) {
            return Optional.empty();
        }
    }

    /** Whether these are names of classes, and few and short enough to be kept with every checkpoint. */
    public static boolean isKept(List<String> classes) {
        return !classes.isEmpty()
                && classes.size() <= MOST_CLASSES
                && classes.stream().mapToInt(String::length).sum() <= LONGEST_CLASSES;
    }

    private static String version() {
        String version = EnvironmentProvenance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** ND4J's manifest names no version; the properties that Maven leaves in its jar do. */
    private static String nd4jVersion() {
        try (InputStream in = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
