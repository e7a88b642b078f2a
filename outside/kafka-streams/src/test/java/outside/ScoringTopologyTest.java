package outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.DoubleDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.likelihood4j.score.Scorer;

/** With the export that outside/train has made, in the folder of -Dtrained. */
class ScoringTopologyTest {
    private static final Path EXPORT = Path.of(System.getProperty("trained"), "exports", "1");

    private static TopologyTestDriver driver(Scorer scorer) {
        Properties properties = new Properties();
        properties.put("application.id", "scoring");
        properties.put("bootstrap.servers", "none:1");
        return new TopologyTestDriver(ScoringTopology.of(scorer), properties);
    }

    private static void pipe(TopologyTestDriver driver, String... rows) {
        TestInputTopic<String, String> topic =
                driver.createInputTopic(ScoringTopology.ROWS, new StringSerializer(), new StringSerializer());
        for (int i = 0; i < rows.length; i++) {
            topic.pipeInput("key-" + i, rows[i]);
        }
    }

    private static List<KeyValue<String, Double>> numbers(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new DoubleDeserializer())
                .readKeyValuesToList();
    }

    @Test
    void recordsAreScoredOrRefused() {
        Scorer scorer = Scorer.open(EXPORT);
        try (TopologyTestDriver driver = driver(scorer)) {
            pipe(driver, "0.5,-1", "many,1", "10,2", "1", "");
            assertThat(numbers(driver, ScoringTopology.SCORES))
                    .containsExactly(
                            KeyValue.pair("key-0", scorer.logProb(0.5, -1)),
                            KeyValue.pair("key-2", scorer.logProb(10, 2)));
            assertThat(driver.createOutputTopic(
                                    ScoringTopology.REFUSED, new StringDeserializer(), new StringDeserializer())
                            .readKeyValuesToList())
                    .containsExactly(
                            KeyValue.pair("key-1", "record, line 2: column 'x': expected a number, was 'many'"),
                            KeyValue.pair(
                                    "key-3", "record, line 2: 1 cells under a header of 2; commas stand between cells"),
                            KeyValue.pair("key-4", "record: has no row"));
        }
    }

    @Test
    void alarmsHaveATopic() throws Exception {
        // As if calibrated on rows of log p -3, -2, ... : below -3 one is stranger than all of them.
        // What is edited has not the sums that it was written with: an export may have none.
        String model = Files.readString(EXPORT.resolve("model.json"))
                .replaceFirst("\"sha256\"\\s*:\\s*\\{[^}]*}", "\"edited\": true");
        int end = model.lastIndexOf('}');
        Scorer scorer = Scorer.of(
                (model.substring(0, end)
                                + ", \"calibration\": {\"score\": \"likelihood\", \"falseAlarms\": 0.25, \"draws\": 1,"
                                + " \"overflows\": 0, \"scores\": [1, 2, 3]}}")
                        .getBytes(StandardCharsets.UTF_8),
                Files.readAllBytes(EXPORT.resolve("program.json")),
                Files.readAllBytes(EXPORT.resolve("weights.safetensors")));
        try (TopologyTestDriver driver = driver(scorer)) {
            pipe(driver, "1,0.5", "1,9");
            assertThat(numbers(driver, ScoringTopology.SCORES)).hasSize(2);
            assertThat(numbers(driver, ScoringTopology.ALARMS))
                    .containsExactly(KeyValue.pair("key-1", scorer.logProb(1, 9)));
        }
    }
}
