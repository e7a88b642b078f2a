package org.likelihood4j.inference.runtime;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.data.ColumnConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.columns.DateFormat;

/** Between what a configuration says of columns and what a table does with them. */
final class ColumnKinds {
    private ColumnKinds() {}

    /** What columns hold, by their names; those that rows are called by hold nothing that is learned. */
    static Map<String, ColumnKind> of(List<ColumnConfig> kinds) {
        Map<String, ColumnKind> named = new LinkedHashMap<>();
        for (ColumnConfig kind : kinds) {
            of(kind).ifPresent(what -> named.put(kind.name(), what));
        }
        return named;
    }

    private static Optional<ColumnKind> of(ColumnConfig kind) {
        if (kind instanceof ColumnConfig.Log log) {
            return Optional.of(new ColumnKind.Log(log.shift()));
        } else if (kind instanceof ColumnConfig.Bounded bounded) {
            return Optional.of(new ColumnKind.Bounded(bounded.low(), bounded.high()));
        } else if (kind instanceof ColumnConfig.Whole whole) {
            return Optional.of(whole(whole));
        } else if (kind instanceof ColumnConfig.Category category) {
            return Optional.of(
                    category.values() == null ? new ColumnKind.Category() : new ColumnKind.Category(category.values()));
        } else if (kind instanceof ColumnConfig.Truth truth) {
            return Optional.of(
                    truth.yes() == null ? new ColumnKind.Truth() : new ColumnKind.Truth(truth.no(), truth.yes()));
        } else if (kind instanceof ColumnConfig.Date date) {
            return Optional.of(date(date));
        }
        return Optional.empty();
    }

    private static ColumnKind whole(ColumnConfig.Whole whole) {
        return new ColumnKind.Whole(
                whole.low() == null ? -ColumnKind.Whole.LARGEST : whole.low(),
                whole.high() == null ? ColumnKind.Whole.LARGEST : whole.high(),
                whole.smallest() == null
                        ? Optional.empty()
                        : Optional.of(new ColumnKind.Seen(whole.smallest(), whole.largest())));
    }

    private static ColumnConfig described(String name, ColumnKind.Whole whole) {
        return new ColumnConfig.Whole(
                name,
                whole.low() == -ColumnKind.Whole.LARGEST ? null : (Integer) (int) whole.low(),
                whole.high() == ColumnKind.Whole.LARGEST ? null : (Integer) (int) whole.high(),
                whole.seen().map(seen -> (int) seen.smallest()).orElse(null),
                whole.seen().map(seen -> (int) seen.largest()).orElse(null));
    }

    private static ColumnKind date(ColumnConfig.Date date) {
        if (date.format() != null && !DateFormat.isPattern(date.format())) {
            throw new ConfigException(
                    "data.kinds",
                    "the format of '" + date.name()
                            + "' must be a pattern of Java's DateTimeFormatter with year, month and day, such as dd-MM-uuuu"
                            + " HH:mm, was " + Wording.quote(date.format()));
        }
        try {
            return new ColumnKind.Date(
                    Optional.ofNullable(date.format()).map(DateFormat::new),
                    Optional.ofNullable(date.origin()).map(LocalDate::parse),
                    date.smallest() == null
                            ? Optional.empty()
                            : Optional.of(new ColumnKind.Seen(date.smallest(), date.largest())));
        } catch (DateTimeException e) {
            throw new ConfigException(
                    "data.kinds", "the origin of '" + date.name() + "' is no day, " + Wording.quote(date.origin()));
        }
    }

    /** The columns as they are told apart by their names. */
    static VectorShape shape(List<String> names, List<ColumnConfig> kinds) {
        Map<String, ColumnKind> named = of(kinds);
        return new VectorShape(names.stream()
                .map(name -> new Column(name, named.getOrDefault(name, new ColumnKind.Real())))
                .toList());
    }

    /** What a configuration says of these columns. */
    static List<ColumnConfig> described(VectorShape shape, List<String> ids) {
        List<ColumnConfig> kinds = new ArrayList<>();
        for (Column column : shape.columns()) {
            described(column).ifPresent(kinds::add);
        }
        ids.forEach(name -> kinds.add(new ColumnConfig.Id(name)));
        return kinds;
    }

    private static Optional<ColumnConfig> described(Column column) {
        String name = column.name();
        ColumnKind kind = column.kind();
        if (kind instanceof ColumnKind.Log log) {
            return Optional.of(new ColumnConfig.Log(name, log.shift()));
        } else if (kind instanceof ColumnKind.Bounded bounded) {
            return Optional.of(new ColumnConfig.Bounded(name, bounded.low(), bounded.high()));
        } else if (kind instanceof ColumnKind.Whole whole) {
            return Optional.of(described(name, whole));
        } else if (kind instanceof ColumnKind.Category category) {
            return Optional.of(new ColumnConfig.Category(name, category.values()));
        } else if (kind instanceof ColumnKind.Truth truth) {
            return Optional.of(new ColumnConfig.Truth(name, truth.no(), truth.yes()));
        } else if (kind instanceof ColumnKind.Date date) {
            return Optional.of(new ColumnConfig.Date(
                    name,
                    date.format().map(DateFormat::pattern).orElse(null),
                    date.origin().map(LocalDate::toString).orElse(null),
                    date.seen().map(ColumnKind.Seen::smallest).orElse(null),
                    date.seen().map(ColumnKind.Seen::largest).orElse(null)));
        }
        return Optional.empty();
    }
}
