package org.likelihood4j.config.yaml;

import org.likelihood4j.config.ModelConfig;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The short form of a condition on columns of a table, a list such as {@code [region, age]}, made what it stands for: {@code model.condition:
 * columns}, and {@code model.conditionColumns} names them.
 */
final class ConditionList {
    private static final String CONDITION = "condition";
    private static final String COLUMNS = "conditionColumns";

    private ConditionList() {}

    /** @throws org.likelihood4j.config.rules.ConfigException if the columns are named in another place, too */
    static void expand(ConfigTree tree) {
        if (tree.root().get("model") instanceof ObjectNode model && model.get(CONDITION) instanceof ArrayNode columns) {
            if (model.hasNonNull(COLUMNS)) {
                throw tree.failure(
                        "model." + COLUMNS, "must be left out where model.condition is a list, which says the same");
            }
            model.put(CONDITION, ModelConfig.Condition.COLUMNS.toString());
            model.set(COLUMNS, columns);
        }
    }
}
