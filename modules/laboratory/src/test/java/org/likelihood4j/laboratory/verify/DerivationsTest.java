package org.likelihood4j.laboratory.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.likelihood4j.laboratory.verify.Mutant.OURS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.laboratory.verify.GradientForms.Form;
import org.likelihood4j.laboratory.verify.GradientForms.Gradient;
import org.likelihood4j.laboratory.verify.Mutant.Part;
import org.likelihood4j.models.LatentVariableModel;

/** Every derivation holds; and with any formula 1% off, exactly the checks that it concerns say so. */
class DerivationsTest {
    /** Which checks use which part: only these can notice that it is wrong. */
    private static final Map<Part, Set<Integer>> USERS = new EnumMap<>(Part.class);

    private static final List<String> NAMES = new ArrayList<>();

    /** Of seed 1. */
    private static final List<Finding> FINDINGS = new ArrayList<>();

    @BeforeAll
    static void record() {
        for (Part part : Part.values()) {
            USERS.put(part, new TreeSet<>());
        }
        int[] current = {0};
        Formulas recorded = recorded(part -> USERS.get(part).add(current[0]));
        for (; current[0] < Derivations.count(); current[0]++) {
            Finding finding = Derivations.check(current[0], recorded, 1);
            NAMES.add(finding.formula());
            FINDINGS.add(finding);
            assertThat(finding.verdict()).as(finding.toString()).isEqualTo("ok");
        }
        assertThat(NAMES).doesNotHaveDuplicates();
        assertThat(USERS.values()).noneMatch(Set::isEmpty);
    }

    private interface Listener {
        void used(Part part);
    }

    private static Formulas recorded(Listener listener) {
        return Mutant.Edit.of(edit -> {
            edit.coupling = (path, block) -> {
                listener.used(Part.COUPLING);
                return OURS.coupling().apply(path, block);
            };
            edit.textbook = (path, block) -> {
                listener.used(Part.TEXTBOOK);
                return OURS.textbook().apply(path, block);
            };
            edit.additive = (path, block) -> {
                listener.used(Part.ADDITIVE);
                return OURS.additive().apply(path, block);
            };
            edit.spline = (path, block) -> {
                listener.used(Part.SPLINE);
                return OURS.spline().apply(path, block);
            };
            edit.autoregressive = (path, step) -> {
                listener.used(Part.AUTOREGRESSIVE);
                return OURS.autoregressive().apply(path, step);
            };
            edit.autoregressiveSpline = (path, step) -> {
                listener.used(Part.AUTOREGRESSIVE_SPLINE);
                return OURS.autoregressiveSpline().apply(path, step);
            };
            edit.chain = links -> {
                listener.used(Part.CHAIN);
                return OURS.chain().apply(links);
            };
            edit.values = (parameters, scale, random) -> {
                listener.used(Part.VALUES);
                return OURS.values().draw(parameters, scale, random);
            };
            edit.model = options -> {
                LatentVariableModel model = OURS.model().apply(options);
                return Mutants.bent(model, (called, argument, function) -> {
                    listener.used(Part.of(called));
                    return function;
                });
            };
            edit.prior = latent -> {
                listener.used(Part.PRIOR);
                return OURS.prior().apply(latent);
            };
            edit.mixture = latent -> {
                listener.used(Part.MIXTURE);
                return OURS.mixture().apply(latent);
            };
            edit.flow = latent -> {
                listener.used(Part.FLOW);
                return OURS.flow().apply(latent);
            };
            edit.maps = CouplingMutants.bent(bijector -> {
                listener.used(Part.MAPS);
                return bijector;
            });
            edit.gradients = recordedForms(listener);
            edit.annealing = GapMutants.recorded(() -> listener.used(Part.ANNEALING));
            edit.local = GapMutants.recordedLocal(() -> listener.used(Part.LOCAL));
        });
    }

    private static GradientForms recordedForms(Listener listener) {
        return GradientMutants.map(OURS.gradients(), (name, gradient) -> {
            UnaryOperator<Form> listening = form -> (mu, sigma, eps) -> {
                listener.used(Part.GRADIENTS);
                return form.at(mu, sigma, eps);
            };
            return new Gradient(
                    listening.apply(gradient.mu()),
                    listening.apply(gradient.sigma()),
                    listening.apply(gradient.variance()));
        });
    }

    /** As they do in the command's test, which takes a seed of the clock. */
    @Test
    @Tag("slow")
    void theyHoldForOtherNumbersToo() {
        List<Finding> seen = new ArrayList<>();
        List<Finding> findings = Derivations.verify(OURS, 2, seen::add);
        assertThat(findings).hasSize(Derivations.count()).isEqualTo(seen);
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.passed()).as(finding.toString()).isTrue();
            assertThat(finding.cases()).isPositive();
        });
    }

    /** Each row's section of the page names the row and its class. */
    @Test
    void eachIsDerivedWhereItSays() throws IOException {
        Map<String, List<String>> sections = sections(Path.of("../../docs/derivations.md"));
        for (Finding finding : FINDINGS) {
            Derivation derivation = finding.derivation().orElseThrow();
            assertThat(sections.get(derivation.section()))
                    .as(derivation.section())
                    .hasSize(1);
            String section = sections.get(derivation.section())
                    .get(0)
                    .replaceAll("\\s+", " ")
                    .replace("\\*", "\u0000");
            assertThat(section).containsPattern("`" + derivation.type().getSimpleName() + "\\b");
            String rows = section.split("\\bRows?: ", 2)[1];
            assertThat(Pattern.compile("(?<!\\*)\\*([^*]+)\\*(?!\\*)")
                            .matcher(rows)
                            .results())
                    .as("%s, in '%s'", finding.formula(), derivation.section())
                    .anyMatch(row -> finding.formula().startsWith(row.group(1).replace('\u0000', '*')));
        }
    }

    /** The sections of a page by their headings, of which there should be one each. */
    private static Map<String, List<String>> sections(Path page) throws IOException {
        Map<String, List<String>> sections = new HashMap<>();
        // So that a heading in the first line is found, too.
        for (String section : ("\n" + Files.readString(page)).split("\n#{2,3} ", -1)) {
            String[] parts = section.split("\n", 2);
            sections.computeIfAbsent(parts[0], any -> new ArrayList<>()).add(parts.length < 2 ? "" : parts[1]);
        }
        return sections;
    }

    @Test
    void theSeedDecides() {
        int volume = NAMES.indexOf("coupling: volume is not preserved");
        Finding once = Derivations.check(volume, OURS, 5);
        assertThat(Derivations.check(volume, OURS, 5)).isEqualTo(once);
        assertThat(Derivations.check(volume, OURS, 6).value()).isNotEqualTo(once.value());
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void exactlyTheChecksOfAWrongFormulaFail(Mutant mutant) {
        Set<String> failed = new TreeSet<>();
        for (int index : USERS.get(mutant.part())) {
            Finding finding = Derivations.check(index, mutant.formulas(), 7);
            if (!finding.passed()) {
                assertThat(finding.verdict()).isEqualTo("FAILED");
                failed.add(finding.formula());
            }
        }
        assertThat(failed).isEqualTo(new TreeSet<>(mutant.failing()));
        assertThat(NAMES).containsAll(failed);
    }

    static Stream<Mutant> mutants() {
        return Stream.of(CouplingMutants.all(), ModelMutants.all(), GradientMutants.all(), GapMutants.all())
                .flatMap(all -> all);
    }
}
