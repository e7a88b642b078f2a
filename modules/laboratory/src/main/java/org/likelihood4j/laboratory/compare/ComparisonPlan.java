package org.likelihood4j.laboratory.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.JsonLeaves;
import org.likelihood4j.training.loop.PreflightCheck;
import tools.jackson.databind.JsonNode;

/**
 * What a comparison trains: every variant of a configuration with every seed. All of it is valid before anything runs.
 *
 * @param base the configuration without the variations
 * @param variants the Cartesian product of the variations, the last one changing fastest
 * @param seeds the base's seed and those that follow it
 */
public record ComparisonPlan(RunConfig base, List<Variant> variants, List<Long> seeds) {
    /** Keys of {@link #settings}. */
    static final String CONFIG = "config";

    static final String CHANGES = "changes";

    /** More than anybody waits for. */
    private static final int MAX_RUNS = 1000;

    /** Leaves room in a run's name for the seed and for the number of a repeated attempt. */
    private static final int MAX_STEM = 60;

    public ComparisonPlan {
        variants = List.copyOf(variants);
        seeds = List.copyOf(seeds);
    }

    /**
     * A variant of the configuration.
     *
     * @param label its changes with their whole keys, such as {@code model.latent=2, seed=3}
     * @param row the same with short keys, for a table
     * @param stem what the names of its runs begin with
     * @param config with the base's name and seed
     */
    public record Variant(String label, String row, String stem, RunConfig config) {}

    /**
     * One training.
     *
     * @param config the variant's, with this seed and with the run's own name
     */
    public record Run(Variant variant, long seed, RunConfig config) {
        @Override
        public String toString() {
            return variant.label() + ", seed " + seed;
        }
    }

    /**
     * Reads a plan.
     *
     * @param file the configuration
     * @param overrides changes to it for all variants, as for {@link ConfigLoader}
     * @param vary {@code KEY=VALUE,VALUE,...}, at least one
     * @param seedCount how many seeds
     * @param repeats of every evaluation, in the place of the configuration's {@code evaluation.repeats}
     * @throws ConfigException if a variant is not valid or is there twice, or if there is nothing to compare
     */
    public static ComparisonPlan of(Path file, List<String> overrides, List<String> vary, int seedCount, int repeats) {
        atLeastOne("--seeds", seedCount);
        atLeastOne("--repeats", repeats);
        List<Variation> variations = vary.stream().map(Variation::parse).toList();
        Set<String> keys = new HashSet<>();
        for (Variation variation : variations) {
            if (!keys.add(variation.key())) {
                throw new ConfigException("--vary " + variation.key(), "is given twice; put all values in one list");
            }
        }
        // First without our own override: a complaint about the file must not blame that.
        ConfigLoader.load(file, overrides);
        List<String> all = new ArrayList<>(overrides);
        all.add("evaluation.repeats=" + repeats);
        RunConfig base = checked(ConfigLoader.load(file, all));
        List<Variant> variants = variants(file, all, variations, seedCount);
        if (base.seed() > Long.MAX_VALUE - seedCount + 1) {
            throw new ConfigException(
                    "seed", "leaves no room for " + seedCount + " seeds above it, was " + base.seed());
        }
        return new ComparisonPlan(
                base,
                variants,
                LongStream.range(0, seedCount).map(i -> base.seed() + i).boxed().toList());
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ConfigException("", option + " must be at least 1, was " + value);
        }
    }

    private static List<Variant> variants(
            Path file, List<String> overrides, List<Variation> variations, int seedCount) {
        List<List<String>> products = products(variations, seedCount);
        boolean shortKeysDiffer =
                variations.stream().map(Variation::shortKey).distinct().count() == variations.size();
        Map<RunConfig, Variant> variants = new LinkedHashMap<>();
        Set<String> stems = new HashSet<>();
        for (List<String> changes : products) {
            List<String> row = changes.stream()
                    .map(change -> shortKeysDiffer ? shortened(change) : change)
                    .toList();
            String label = String.join(", ", changes);
            RunConfig config = load(file, overrides, changes, label);
            Variant variant = new Variant(label, String.join(", ", row), stem(row, stems), config);
            Variant twin = variants.putIfAbsent(config, variant);
            if (twin != null) {
                throw new ConfigException(
                        "--vary", "the variants " + twin.label() + " and " + label + " are the same configuration");
            }
        }
        if (variants.size() < 2) {
            throw new ConfigException(
                    "--vary", "there is nothing to compare, give at least two values, such as model.latent=10,20");
        }
        return List.copyOf(variants.values());
    }

    /** All combinations of the variations' overrides. */
    private static List<List<String>> products(List<Variation> variations, int seedCount) {
        List<List<String>> products = List.of(List.of());
        for (Variation variation : variations) {
            // Before they are made, or a few long lists would fill the memory.
            long count = (long) products.size() * variation.values().size();
            if (count * seedCount > MAX_RUNS) {
                throw new ConfigException(
                        "",
                        "more than " + MAX_RUNS + " runs: " + count + " or more variants, each with " + seedCount
                                + (seedCount == 1 ? " seed" : " seeds"));
            }
            List<List<String>> longer = new ArrayList<>();
            for (List<String> start : products) {
                for (String change : variation.overrides()) {
                    List<String> changes = new ArrayList<>(start);
                    changes.add(change);
                    longer.add(changes);
                }
            }
            products = longer;
        }
        return products;
    }

    private static RunConfig load(Path file, List<String> overrides, List<String> changes, String label) {
        List<String> all = new ArrayList<>(overrides);
        all.addAll(changes);
        try {
            return checked(ConfigLoader.load(file, all));
        } catch (ConfigException e) {
            // The loader names the override that is to blame, but knows only one option that gives overrides.
            String message = e.getMessage();
            boolean ours = changes.stream()
                    .anyMatch(change ->
                            message.startsWith("--set " + change.substring(0, Math.min(40, change.length()))));
            throw new ConfigException(
                    "", ours ? message.replaceFirst("--set", "--vary") : message + " (variant " + label + ")");
        }
    }

    /** As before a training: what the configuration alone cannot know. */
    private static RunConfig checked(RunConfig config) {
        PreflightCheck.start(config);
        return config;
    }

    private static String shortened(String change) {
        int equals = change.indexOf('=');
        return change.substring(change.lastIndexOf('.', equals) + 1);
    }

    /** A part of a run's name, which allows few characters; no two are equal, not even where case does not count. */
    private static String stem(List<String> row, Set<String> taken) {
        String plain = String.join("-", row)
                .replaceAll("[^A-Za-z0-9._]+", "-")
                .replaceAll("\\.{2,}", ".")
                .replaceAll("^[.-]+", "");
        String start = plain.substring(0, Math.min(MAX_STEM, plain.length())).replaceAll("[.-]+$", "");
        String first = start.isEmpty() ? "variant" : start;
        String stem = first;
        for (int number = 2; !taken.add(stem.toLowerCase(Locale.ROOT)); number++) {
            stem = first + "-" + number;
        }
        return stem;
    }

    /** Every training in its turn: all variants of a seed, then those of the next, so that a slow hour meets them all. */
    public List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (long seed : seeds) {
            for (Variant variant : variants) {
                String name = variant.stem() + "-seed" + seed;
                RunConfig config = ConfigLoader.parse(
                        ConfigLoader.toYaml(variant.config()), name, List.of("seed=" + seed, "name='" + name + "'"));
                runs.add(new Run(variant, seed, config));
            }
        }
        return runs;
    }

    /** All that decides the results: the base's values, and what each variant changes in them. */
    JsonNode settings() {
        JsonNode tree = ConfigLoader.toTree(base);
        Map<String, JsonNode> of = JsonLeaves.of(tree);
        Map<String, Object> changes = new LinkedHashMap<>();
        for (Variant variant : variants) {
            Map<String, JsonNode> changed = JsonLeaves.of(ConfigLoader.toTree(variant.config()));
            changed.entrySet().removeIf(leaf -> leaf.getValue().equals(of.get(leaf.getKey())));
            changes.put(variant.label(), changed);
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(CONFIG, tree);
        settings.put("variants", variants.stream().map(Variant::label).toList());
        settings.put("seeds", seeds);
        settings.put(CHANGES, changes);
        // Written and read, so that it equals what a file says.
        return JsonFiles.LINE.readTree(JsonFiles.LINE.writeValueAsString(settings));
    }
}
