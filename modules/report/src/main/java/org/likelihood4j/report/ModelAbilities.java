package org.likelihood4j.report;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.runs.metrics.MetricsEvent.Ability;

/** What a run's model can, by which the page chooses its sections. */
final class ModelAbilities {
    private static final Set<String> MEANS = Set.of("steps", "training", "validation");
    private static final Set<String> OF_KL = Set.of("kl", "kl/pooled", "steps/kl", "latents");

    private ModelAbilities() {}

    /**
     * The names of the abilities, sorted.
     *
     * @param said by the run's metrics; if nothing, as in files of version 1, the kind and the tables tell
     * @param kind what {@code model.type} says; empty if not known
     */
    static List<String> of(Set<Ability> said, String kind, Map<String, SeriesTable.Rows> tables) {
        Set<Ability> can = said.isEmpty() ? EnumSet.noneOf(Ability.class) : EnumSet.copyOf(said);
        if (said.isEmpty()) {
            if (kind.equals("vae")
                    || has(tables, "reconstruction")
                    || tables.keySet().stream().anyMatch(ModelAbilities::isOfKl)) {
                can.add(Ability.KL);
            }
            if (kind.equals("realnvp") || has(tables, RunHistory.LIKELIHOOD)) {
                can.add(Ability.EXACT_DENSITY);
            }
        }
        return can.stream().map(Ability::key).sorted().toList();
    }

    private static boolean isOfKl(String table) {
        return OF_KL.contains(table) || table.startsWith("gradients/");
    }

    private static boolean has(Map<String, SeriesTable.Rows> tables, String metric) {
        return MEANS.stream()
                .anyMatch(name ->
                        tables.containsKey(name) && tables.get(name).columns().containsKey(metric));
    }
}
