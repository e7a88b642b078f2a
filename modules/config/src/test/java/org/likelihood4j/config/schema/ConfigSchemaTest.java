package org.likelihood4j.config.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.ConfigErrorsTest;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.Schedule;
import org.likelihood4j.config.SectionErrorsTest;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Range;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.config.yaml.ConfigLoaderTest;
import org.likelihood4j.config.yaml.RecordShape;
import org.likelihood4j.config.yaml.YamlReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema as an editor uses it: another library reads the shipped file, and has to agree with the loader. */
class ConfigSchemaTest {
    private static final Path CONFIGS = Path.of("..", "..", "configs");
    private static final Path SHIPPED = CONFIGS.resolve("schema.json");
    private static final JsonNode TREE = new JsonMapper().readTree(ConfigSchema.json());
    private static final com.networknt.schema.Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(TREE);

    /** What only the loader can refuse, because it depends on other keys: parts of its messages. */
    private static final List<String> BETWEEN_KEYS = List.of(
            "couplings * logScaleBound must",
            "has no meaning with family",
            "has no meaning with divergence: reverse",
            "has no meaning in an inverse-autoregressive flow",
            "has no meaning without condition: label",
            "has no meaning without condition: columns",
            "is required with condition: columns",
            "conditionColumns: must all be different",
            "must be left out where model.condition is a list",
            "model.classes: required with condition",
            "where there is a shape",
            "belongs to a flat flow",
            "has no meaning with architecture",
            "has no meaning with type dense",
            "has no meaning with type residual",
            "must have a coupling",
            "doubles at each scale",
            "the bounds of the flow's",
            "training images",
            "needs training.shards",
            "needs training.startFrom",
            "of at least one stage",
            "prior is for a VAE with a learned one",
            "must be below training.epochs",
            "data.validation is 0",
            "must be below 60000",
            "must be below 50000",
            "has no meaning with loss.importanceSamples",
            "with model.likelihood.binarization none",
            "which only model.prior {type: normal} has",
            "which only model.posterior {type: gaussian} has",
            "path needs the posterior's flow backwards",
            "with a posterior that is a flow",
            "couplings or steps * logScaleBound, with those",
            "steps * logScaleBound must",
            "so they need estimator analytic",
            "with prior {type: realnvp}",
            "of classes needs condition: label",
            "one draw has no variance",
            "must leave something to train on",
            "needs a testPath",
            "mask is for a VAE with",
            "must be at least low (",
            "must be given where labels are",
            "must be channels, height and width",
            "must all be different, and not the label",
            "columns: must not be empty",
            "must be left out where data.columns is a mapping",
            "leaves no column to train on",
            "must be of columns that are all different",
            "must be given with no",
            "must not be the same as no",
            "must be above low",
            "cannot be the label too",
            "all other columns can be number or ignore",
            "reference computes on the CPU",
            "mixed is a way of the compiled engine",
            "float64 is for the CPU",
            "tf32 is for NVIDIA GPUs",
            "must be a power of two that divides training.batchSize",
            "cannot be above 1 with loss.kl.freeBits",
            "is for a model with a KL");

    /** What JSON Schema has no words for: a whole number is whole there however it is written, and has no largest one. */
    private static final List<String> OF_NUMBERS =
            List.of("whole number, was 10.0", "must be at most 9223372036854775807");

    private static List<String> errors(JsonNode config) {
        return SCHEMA.validate(config).stream().map(Object::toString).toList();
    }

    private static JsonNode yaml(String text) {
        return YamlReader.read(text, "", line -> "line " + line).value();
    }

    private static String refusal(String yaml) {
        try {
            ConfigLoader.parse(yaml, "c.yaml", List.of());
            return "";
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }

    @Test
    void theShippedFileIsWhatTheRecordsSay() throws IOException {
        new ShippedFile("configs/schema.json", "./run.sh schema --output configs/schema.json")
                .requireSame(ConfigSchema.json());
    }

    static List<Path> files() throws IOException {
        try (var paths = Files.walk(CONFIGS)) {
            return paths.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyShippedConfigIsValidAndNamesTheSchema(Path file) throws IOException {
        assertThat(errors(yaml(Files.readString(file)))).isEmpty();
        String first = Files.readAllLines(file).get(0);
        assertThat(first).startsWith("# yaml-language-server: $schema=");
        Path named = file.resolveSibling(first.substring(first.indexOf('=') + 1));
        assertThat(Files.isSameFile(named, SHIPPED)).isTrue();
    }

    @Test
    void whatTheLoaderReadsAndWritesIsValid() {
        for (String text : List.of(
                ConfigLoaderTest.VAE,
                ConfigLoaderTest.EVERYTHING,
                ConfigLoaderTest.EVERYTHING_OF_A_VAE,
                ConfigLoaderTest.IMPORTANCE_WEIGHTED,
                ConfigLoaderTest.FREE_BITS,
                "model: {type: vae, encoder: , prior: {type: }}\ntraining:\ndata: {type: null}\n")) {
            assertThat(errors(yaml(text))).as(text).isEmpty();
            RunConfig config = ConfigLoader.parse(text, "c.yaml", List.of());
            assertThat(errors(yaml(ConfigLoader.toYaml(config)))).as(text).isEmpty();
        }
    }

    static Stream<String> badConfigs() {
        return Stream.of(
                        ConfigErrorsTest.problemsInAFile(),
                        ConfigErrorsTest.problemsOfAnObjective(),
                        SectionErrorsTest.problems())
                .flatMap(problems -> problems)
                .map(arguments -> (String) arguments.get()[0])
                .filter(ConfigSchemaTest::isYaml);
    }

    private static boolean isYaml(String text) {
        try {
            return !yaml(text).isNull();
        } catch (ConfigException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("badConfigs")
    void whatTheLoaderRefusesTheSchemaRefusesToo(String text) {
        String refusal = refusal(text);
        assertThat(refusal).isNotEmpty();
        if (BETWEEN_KEYS.stream().noneMatch(refusal::contains)
                && OF_NUMBERS.stream().noneMatch(refusal::contains)) {
            assertThat(errors(yaml(text)))
                    .as("%s, but the schema accepts%n%s", refusal, text)
                    .isNotEmpty();
        }
    }

    @Test
    void thereAreManyBadConfigs() {
        assertThat(badConfigs().filter(text -> !errors(yaml(text)).isEmpty()).count())
                .isGreaterThan(100);
    }

    /** The types along a path choose branches, as an editor does it. */
    private static JsonNode properties(Keys key) {
        JsonNode schema = TREE;
        String at = "";
        for (String step : key.path().split("\\.", -1)) {
            JsonNode found = schema.path("properties").path(step);
            for (JsonNode branch : schema.path("allOf")) {
                JsonNode names = branch.at("/if/properties/type/enum");
                if (names.get(0).stringValue().equals(key.types().get(at))) {
                    found = branch.path("then").path("properties").path(step);
                }
            }
            at = at.isEmpty() ? step : at + "." + step;
            schema = found;
        }
        return schema;
    }

    @Test
    void everyKeyCompletesWithItsMeaning() {
        List<Keys> keys = Keys.all();
        assertThat(keys).hasSizeGreaterThan(90);
        for (Keys key : keys) {
            JsonNode property = properties(key);
            assertThat(property.path("description").asString(""))
                    .as(key.toString())
                    .isNotBlank();
            Class<?> type = key.type() instanceof Class<?> plain ? plain : List.class;
            if (type.isEnum()) {
                // Where a list may stand too, the words are the first of two ways.
                JsonNode words = property.has("anyOf") ? property.at("/anyOf/0") : property;
                assertThat(words.path("enum").toString()).contains(RecordShape.choices(type));
                assertThat(words.path("enumDescriptions")).hasSameSizeAs(words.path("enum"));
            } else if (type.isSealed()) {
                assertThat(property.at("/properties/type/enum").toString())
                        .contains(RecordShape.types(type).keySet());
            }
        }
    }

    /** The default that an editor shows is the one that the loader puts there. */
    @Test
    void everyDefaultIsTheLoaders() {
        int defaults = 0;
        for (Keys key : Keys.all()) {
            JsonNode fallback = properties(key).get("default");
            if (fallback != null) {
                RunConfig without = ConfigLoader.parse(key.yaml("null"), "c.yaml", List.of());
                RunConfig with = ConfigLoader.parse(key.yaml(fallback.toString()), "c.yaml", List.of());
                assertThat(with).as(key.toString()).isEqualTo(without);
                defaults++;
            }
        }
        assertThat(defaults).isGreaterThan(60);
    }

    /** Values at and beyond the ends of ranges, and of other kinds, in every key: both refuse, or neither. */
    @Test
    void theSchemaAndTheLoaderAgreeOnEveryKey() {
        List<String> values = List.of(
                "null",
                "0",
                "1",
                "2",
                "-1",
                "65",
                "0.5",
                "1.5",
                "-0.001",
                "1e-13",
                "1e-6",
                "101",
                "10001",
                "1000001",
                "1048577",
                "2147483648",
                "true",
                "x",
                "' '",
                "..",
                "[1]",
                "[0]",
                "[1.5]",
                "[1048577]",
                "{}",
                "{type: zzz}",
                "relu");
        List<String> disagreements = new ArrayList<>();
        int refused = 0;
        int accepted = 0;
        for (Keys key : Keys.all()) {
            for (String value : values) {
                String text = key.yaml(value);
                String refusal = refusal(text);
                List<String> errors = errors(yaml(text));
                boolean between = BETWEEN_KEYS.stream().anyMatch(refusal::contains);
                if (refusal.isEmpty() != errors.isEmpty() && !(between && errors.isEmpty())) {
                    disagreements.add(text + " - loader: " + refusal + " - schema: " + errors);
                }
                refused += errors.isEmpty() ? 0 : 1;
                accepted += errors.isEmpty() ? 1 : 0;
            }
        }
        assertThat(disagreements)
                .as(
                        "a key's rule must go through Check, which tells it to the schema; rules between keys belong into BETWEEN_KEYS")
                .isEmpty();
        assertThat(refused).isGreaterThan(1000);
        assertThat(accepted).isGreaterThan(500);
    }

    @Test
    void aMissingDescriptionIsToldWithItsPlace() {
        assertThat(Descriptions.of(Undescribed.class)).isEqualTo("A section that somebody has added in a hurry.");
        assertThat(Descriptions.of(Undescribed.class, "told")).isEqualTo("what this is");
        assertThatThrownBy(() -> Descriptions.of(Undescribed.class, "left"))
                .hasMessage(
                        "Undescribed.left: no description for the JSON Schema; add '@param left ...' to the Javadoc of the"
                                + " record Undescribed in Undescribed.java");
        assertThat(Descriptions.of(Undescribed.Choice.ONE)).isEqualTo("The first.");
        assertThatThrownBy(() -> Descriptions.of(Undescribed.Choice.TWO))
                .hasMessage(
                        "Undescribed.Choice.TWO: no description for the JSON Schema; add a comment /** ... */ on the constant"
                                + " TWO in Undescribed.java");
        assertThatThrownBy(() -> Descriptions.of(YamlTree.class, "x")).hasMessageContaining("YamlTree.x");
    }

    /** A section that cannot do without a key, and one whose rule is its neighbour's. */
    record Needy(String path, Integer count) {
        Needy {
            if (path == null) {
                throw new ConfigException("path", "required, but missing");
            }
            Schedule other = new Schedule.Step(null, null);
            count = Check.within(2, 7, "count", count, ((Schedule.Step) other).every() / 2);
        }
    }

    record Stubborn(Integer a) {
        Stubborn {
            throw new ConfigException("b", "is not here");
        }
    }

    @Test
    void aConstructorTellsWhatItNeeds() {
        DefaultSection blank = DefaultSection.of(Needy.class);
        assertThat(blank.required()).containsExactly("path");
        assertThat(blank.rules()).isEqualTo(Map.of("count", Range.atLeast(2).atMost(7)));
        assertThat(blank.fallback("count")).isEqualTo(5);
        assertThat(blank.fallback("path")).isNull();
        assertThatThrownBy(() -> DefaultSection.of(Stubborn.class))
                .hasMessageContaining("must be refused under its own name");
    }
}
