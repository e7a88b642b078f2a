package org.likelihood4j.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.runs.metrics.MetricsEvent;

/** The tables of docs/run-folder.md have the keys that are written, no more and no fewer. */
class RunFolderPageTest {
    private static final Path PAGE =
            Path.of("../../docs/run-folder.md").toAbsolutePath().normalize();
    private static final Pattern KEY = Pattern.compile("`(\\w+)`");
    private static final RunState.Progress AT = new RunState.Progress(1, 600);
    private static final Map<String, Object> SOME = Map.of("some", 1);

    /** The keys of the table that follows a line: those in the first column. */
    private static List<String> keys(String heading) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith(heading))
                .skip(1)
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .map(row -> row.substring(0, row.indexOf('|', 1)))
                .flatMap(first -> KEY.matcher(first).results().map(found -> found.group(1)))
                .toList();
    }

    /** A line of each kind with all that it may say. */
    static List<MetricsEvent> lines() {
        return List.of(
                new MetricsEvent.Start(
                        Optional.empty(),
                        600,
                        6000,
                        7,
                        OptionalLong.of(784),
                        Set.of(MetricsEvent.Ability.LATENT),
                        SOME),
                new MetricsEvent.Step(AT, Map.of("loss", 1.0), SOME, 0.5, 2, 0.1, List.of(SOME)),
                new MetricsEvent.Epoch(
                        AT,
                        Map.of("loss", 1.0),
                        Map.of("loss", 2.0),
                        true,
                        3,
                        Optional.of(new MetricsEvent.KlParts(SOME, SOME, List.of("one"), SOME, SOME))));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void theTableOfALineHasItsKeys(MetricsEvent line) throws IOException {
        assertThat(keys("**" + line.kind().key() + "**")).containsExactlyInAnyOrderElementsOf(written(line));
    }

    private static List<String> written(MetricsEvent line) {
        return JsonFiles.LINE.readTree(line.text(Instant.EPOCH)).propertyNames().stream()
                .filter(key -> !List.of("event", "time").contains(key))
                .toList();
    }

    /** They have no table: each key stands in the sentence on the kind. */
    @Test
    void theSentencesOfTheOthersHaveTheirKeys() throws IOException {
        String page = String.join(" ", Files.readAllLines(PAGE));
        for (MetricsEvent line : List.of(
                new MetricsEvent.Rollback(new RunState.Rollback(2, 1, "why", 0.5)),
                new MetricsEvent.Divergence(AT, "elbo", List.of()),
                new MetricsEvent.End(EndReason.COMPLETED, AT))) {
            String sentence = page.substring(page.indexOf("**" + line.kind().key() + "**:"));
            assertThat(KEY.matcher(sentence.substring(0, sentence.indexOf(". ")))
                            .results()
                            .map(found -> found.group(1)))
                    .containsAll(written(line));
        }
    }

    @Test
    void theTableOfTheStateHasItsKeys() throws IOException {
        assertThat(keys("`state.json`")).containsExactlyInAnyOrderElementsOf(components(RunState.class));
    }

    @Test
    void theTableOfTheCalibrationHasItsKeys() throws IOException {
        List<String> keys = keys("## calibration.json");
        List<String> nested = List.of("checkpoint", "sha256", "data", "importanceSamples", "seed");
        assertThat(keys).containsExactlyInAnyOrderElementsOf(components(Calibration.class));
        assertThat(components(Calibration.Weights.class)).isEqualTo(nested.subList(0, 2));
        assertThat(components(Calibration.Source.class)).isEqualTo(nested.subList(2, 5));
    }

    private static List<String> components(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }
}
