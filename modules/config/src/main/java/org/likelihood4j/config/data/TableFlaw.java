package org.likelihood4j.config.data;

import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.RuleRecorder;

/** What can make the density of a table meaningless. */
public enum TableFlaw {
    /** Columns that others determine, such as a copy or a sum. */
    DEPENDENCE,
    /** Values so far off that all others fall together. */
    OUTLIERS,
    /** Columns of few different values. */
    TIES;

    static List<TableFlaw> checked(List<TableFlaw> allow) {
        RuleRecorder.tell("allow", values().length);
        List<TableFlaw> all = Check.or(allow, List.of());
        Check.require(all.stream().distinct().count() == all.size(), "allow", "must all be different", all);
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
