package org.likelihood4j.config.yaml;

import java.util.stream.Stream;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.rules.Wording;
import org.likelihood4j.io.Printable;
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

    /**
     * Of a file's tree, or of one that was set over a file's, whose own columns then are no more.
     *
     * @throws org.likelihood4j.config.rules.ConfigException if a file names the columns in another place, too, or a word is neither label nor
     *     columns
     */
    static void expand(ConfigTree tree, boolean setOver) {
        if (!(tree.root().get("model") instanceof ObjectNode model)) {
            return;
        }
        if (model.path(CONDITION).isString()) {
            String word = model.get(CONDITION).stringValue();
            if (Stream.of(ModelConfig.Condition.values())
                    .noneMatch(known -> known.toString().equals(word))) {
                throw tree.failure(
                        "model." + CONDITION,
                        "must be label, or a list of columns such as [" + Printable.line(Printable.shorten(word))
                                + "]; was " + Wording.quote(word));
            }
        }
        if (model.get(CONDITION) instanceof ArrayNode columns) {
            if (model.hasNonNull(COLUMNS) && !setOver) {
                throw tree.failure(
                        "model." + COLUMNS, "must be left out where model.condition is a list, which says the same");
            }
            model.put(CONDITION, ModelConfig.Condition.COLUMNS.toString());
            model.set(COLUMNS, columns);
        }
    }
}
