package org.likelihood4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.likelihood4j.io.Printable;

/** What happened in a training, and which of its lines could not be read: the first of each kind, and how many more there are. */
final class Notices {
    private static final int MOST = 20;
    private static final int MOST_NAMED = 5;

    private final List<Mark> marks = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Long> damaged = new ArrayList<>();
    private long moreMarks;
    private long moreWarnings;
    private long damagedLines;
    private long unknownLines;

    /**
     * Something that happened at a time of the training.
     *
     * @param x in epochs
     * @param kind the line's event
     * @param text what, for people
     */
    record Mark(double x, String kind, String text) {}

    void mark(double x, String kind, String text) {
        if (marks.size() < MOST) {
            marks.add(new Mark(x, kind, Printable.line(text)));
        } else {
            moreMarks++;
        }
    }

    void warning(String text) {
        if (warnings.size() < MOST) {
            warnings.add(Printable.line(text));
        } else {
            moreWarnings++;
        }
    }

    /** A line that could not be read, by its number. */
    void damaged(long number) {
        if (damaged.size() < MOST_NAMED) {
            damaged.add(number);
        }
        damagedLines++;
    }

    /** A line whose kind, or place in the training, is none that we know. */
    void unknown() {
        unknownLines++;
    }

    List<Mark> marks() {
        return List.copyOf(marks);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What {@link #marks} and {@link #warnings} do not show, and what could not be read. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (moreMarks > 0) {
            notes.add(moreMarks + " more resumes, rollbacks and divergences: see metrics.jsonl");
        }
        if (moreWarnings > 0) {
            notes.add(moreWarnings + " more warnings: see log.txt");
        }
        if (damagedLines > 0) {
            notes.add("metrics.jsonl: left out "
                    + (damagedLines == 1 ? "a damaged line: " : damagedLines + " damaged lines: ")
                    + some(damaged, damagedLines));
        }
        if (unknownLines > 0) {
            notes.add("metrics.jsonl: passed over "
                    + (unknownLines == 1 ? "a line of an unknown kind" : unknownLines + " lines of unknown kinds"));
        }
        return notes;
    }

    /** The first of some numbers, of which there may be more. */
    static String some(List<Long> first, long all) {
        return first.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", "))
                + (all > MOST_NAMED ? ", ..." : "");
    }
}
