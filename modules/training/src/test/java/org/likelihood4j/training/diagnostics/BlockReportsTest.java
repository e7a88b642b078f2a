package org.likelihood4j.training.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.diagnostics.BlockReport.Spread;
import tools.jackson.databind.JsonNode;

/** What a step tells of the model's parts. */
class BlockReportsTest {
    @TempDir
    private Path runs;

    @Test
    void statisticsOfLogScales() {
        Spread scale = Spread.of(new double[] {1.5, -2, 0.5, -1.981}, OptionalDouble.of(2));
        assertThat(scale.mean()).isCloseTo(-1.981 / 4, within(1e-15));
        assertThat(scale.rms()).isCloseTo(Math.sqrt((2.25 + 4 + 0.25 + 1.981 * 1.981) / 4), within(1e-15));
        assertThat(scale.maxAbs()).isEqualTo(2);
        assertThat(scale.saturated()).hasValue(0.5);
        assertThat(Spread.of(new double[] {1.5, -2}, OptionalDouble.empty()).saturated())
                .isEmpty();
    }

    @Test
    void whatIsNotANumberShows() {
        Spread scale = Spread.of(new double[] {1, Double.NaN}, OptionalDouble.of(2));
        assertThat(List.of(scale.mean(), scale.rms(), scale.maxAbs())).containsOnly(Double.NaN);
    }

    @Test
    void everyLineOfAFlowHasItsCouplings() {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.FLOW));
        for (JsonNode line : normsAddUp(run, "coupling0", "coupling1")) {
            for (JsonNode block : line.get("blocks")) {
                for (String kind : List.of("log_scale", "conditioning_log_scale")) {
                    JsonNode scale = block.get(kind);
                    double largest = scale.get("max_abs").doubleValue();
                    double rms = scale.get("rms").doubleValue();
                    assertThat(largest).isStrictlyBetween(0.0, 2.0);
                    assertThat(rms).isStrictlyBetween(0.0, largest);
                    assertThat(scale.get("mean").doubleValue()).isBetween(-rms, rms);
                    assertThat(scale.get("saturated").doubleValue()).isZero();
                }
            }
        }
    }

    /** Each family reports quantities of its own. */
    @ParameterizedTest
    @CsvSource({"affine, log_scale, true", "additive, shift, false"})
    void everyLineOfAnotherFamilyHasWhatThatReports(String family, String quantity, boolean bounded) {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.FLOW, "model.family=" + family));
        for (JsonNode line : normsAddUp(run, "coupling0", "coupling1")) {
            for (JsonNode block : line.get("blocks")) {
                assertThat(block.propertyNames()).containsExactly("name", "gradient_norm", quantity);
                assertThat(block.get(quantity).get("rms").doubleValue()).isPositive();
                assertThat(block.get(quantity).has("saturated")).isEqualTo(bounded);
            }
        }
    }

    @Test
    void everyLineOfAVaeHasItsNetworks() {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.VAE));
        for (JsonNode line : normsAddUp(run, "encoder", "decoder")) {
            line.get("blocks")
                    .forEach(block -> assertThat(block.has("log_scale")).isFalse());
        }
    }

    @Test
    void aFlowPriorsCouplingsAreBlocksOfTheirOwn() {
        RunDirectory run = TinyRun.train(
                runs,
                TinyRun.config(
                        TinyRun.VAE,
                        "model.prior={type: realnvp, couplings: 2, conditioner: {hidden: [8]}}",
                        "loss.importanceSamples=3"));
        for (JsonNode line : normsAddUp(run, "encoder", "decoder", "prior/coupling0", "prior/coupling1")) {
            assertThat(line.get("blocks").get(3).get("log_scale").get("rms").doubleValue())
                    .isPositive();
        }
    }

    @Test
    void aPosteriorsStepsAreBlocksBehindTheEncoder() {
        RunDirectory run = TinyRun.train(
                runs,
                TinyRun.config(
                        TinyRun.VAE,
                        "model.posterior={type: iaf, steps: 2, conditioner: {hidden: [8]}, context: 3}",
                        "loss.importanceSamples=3"));
        for (JsonNode line : normsAddUp(run, "encoder", "posterior/step0", "posterior/step1", "decoder")) {
            assertThat(line.get("blocks").get(1).get("log_scale").get("rms").doubleValue())
                    .isPositive();
        }
    }

    /** The lines, after a check that they have these blocks, whose gradients make up the whole. */
    private static List<JsonNode> normsAddUp(RunDirectory run, String... names) {
        List<JsonNode> lines = TinyRun.lines(run, "step");
        assertThat(lines).hasSize(4);
        for (JsonNode line : lines) {
            assertThat(line.get("blocks"))
                    .extracting(block -> block.get("name").stringValue())
                    .containsExactly(names);
            double squares = 0;
            for (JsonNode block : line.get("blocks")) {
                double norm = block.get("gradient_norm").doubleValue();
                assertThat(norm).isPositive();
                squares += norm * norm;
            }
            double norm = line.get("gradient_norm").doubleValue();
            assertThat(Math.sqrt(squares)).isCloseTo(norm, within(1e-4 * norm));
        }
        return lines;
    }
}
