package org.likelihood4j.cli.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.sources.TableSource;
import org.likelihood4j.data.tables.ColumnGuess;
import org.likelihood4j.data.tables.ColumnProfile;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.TextTable;

/** What the columns of a person's own table probably hold, for a config to start from. */
public final class ColumnGuesses {
    /** More lines nobody reads. */
    private static final int MOST_TOLD = 40;

    private final Map<String, ColumnProfile> profiles;
    private final Map<String, ColumnGuess> guesses = new LinkedHashMap<>();

    private ColumnGuesses(Map<String, ColumnProfile> profiles) {
        this.profiles = profiles;
        profiles.forEach((name, profile) -> guesses.put(name, profile.guess()));
    }

    /** Reads the table. */
    public static ColumnGuesses of(TableFiles table, Console console) {
        TableSource source = (TableSource) DataSources.source(table, Project.datasets());
        try (ProgressView progress = console.progress()) {
            return new ColumnGuesses(source.profiles(new DataProgress(progress)));
        }
    }

    /** How many rows the table has. */
    public long rows() {
        return profiles.values().stream().mapToLong(ColumnProfile::rows).max().orElse(0);
    }

    /** The key that says it; none where all columns are plain numbers. */
    public Optional<Setting> setting() {
        Map<String, String> entries = new LinkedHashMap<>();
        guesses.forEach((name, guess) -> {
            if (!isNumber(guess)) {
                entries.put(name, guess.setting());
            }
        });
        return entries.isEmpty() ? Optional.empty() : Optional.of(Setting.mapping("data.columns", entries));
    }

    private static boolean isNumber(ColumnGuess guess) {
        return guess.kind() instanceof ColumnKind.Real;
    }

    /** A line for each column: what it is taken as, why, and how many cells have no value. */
    public List<String> told() {
        List<List<String>> rows = new ArrayList<>();
        guesses.forEach((name, guess) -> rows.add(List.of(
                Printable.line(Printable.shorten(name)),
                word(guess),
                guess.why(),
                profiles.get(name).missing())));
        TextTable table = new TextTable().left(2, 0).left(2, 0).left(2, 0).left(2, 0);
        List<String> lines = new ArrayList<>(table.lines(rows.subList(0, Math.min(MOST_TOLD, rows.size()))));
        if (rows.size() > MOST_TOLD) {
            lines.add("  and " + (rows.size() - MOST_TOLD) + " more columns");
        }
        return lines;
    }

    private static String word(ColumnGuess guess) {
        return guess.kind() == null ? guess.setting() : guess.kind().word();
    }
}
