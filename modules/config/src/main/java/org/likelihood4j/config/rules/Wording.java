package org.likelihood4j.config.rules;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.likelihood4j.io.Printable;
import tools.jackson.databind.JsonNode;

/** The words of error messages. */
public final class Wording {
    /** Words that are nearer in letters to what is not meant. */
    private static final Map<String, String> SYNONYMS = Map.of("gpu", "cuda");

    private Wording() {}

    /** The text in quotes, cut to a length that fits a line. */
    public static String quote(String text) {
        return '"' + Printable.shorten(text) + '"';
    }

    /** What a person wrote, as they would recognise it. */
    public static String describe(JsonNode value) {
        if (value.isObject()) {
            return "a mapping";
        }
        if (value.isArray()) {
            return "a list";
        }
        return value.isString() ? quote(value.stringValue()) : Printable.shorten(value.toString());
    }

    /** {@code ; did you mean 'x'?}, or nothing where no allowed word is near. */
    public static String didYouMean(String word, Collection<String> allowed) {
        String best = SYNONYMS.get(plain(word));
        if (best != null && allowed.contains(best)) {
            return "; did you mean '" + best + "'?";
        }
        best = null;
        int bestDistance = Integer.MAX_VALUE;
        String plain = plain(word);
        for (String candidate : allowed) {
            String other = plain(candidate);
            int distance = distance(plain, other);
            // A third of the letters may be wrong; beyond that a guess misleads more than it helps.
            if (distance < bestDistance && distance <= Math.max(1, other.length() / 3) && distance < other.length()) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best == null ? "" : "; did you mean '" + best + "'?";
    }

    /** So that {@code learning_rate} and {@code LearningRate} are near {@code learningRate}. */
    private static String plain(String word) {
        return Printable.shorten(word).toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** The Levenshtein distance: the fewest insertions, deletions and replacements of one character. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
