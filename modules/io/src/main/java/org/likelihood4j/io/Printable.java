package org.likelihood4j.io;

import java.nio.charset.StandardCharsets;

/**
 * Makes text fit for a message. What a file says is a stranger's text: none of its line breaks, terminal escapes or marks that
 * turn the direction of writing reaches a terminal, and none of it is so long that it hides what the message is about.
 */
public final class Printable {
    private static final int LONGEST_LINE = 1000;
    private static final int LONGEST_WORD = 60;
    private static final String CUT = "...";

    private Printable() {}

    /**
     * One line of about at most 1000 characters, with {@code ...} where it was cut: white space becomes blanks, other controls their escapes, such as
     * {@code \u001b}. Such a line stays as it is.
     */
    public static String line(String text) {
        StringBuilder line = new StringBuilder();
        int kept = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (!unprintable(c)) {
                line.appendCodePoint(c);
            } else if (Character.isWhitespace(c)) {
                line.append(' ');
            } else {
                for (char half : Character.toChars(c)) {
                    line.append(String.format("\\u%04x", (int) half));
                }
            }
            if (line.length() <= LONGEST_LINE) {
                kept = line.length();
            } else if (line.length() > LONGEST_LINE + CUT.length()) {
                line.setLength(kept);
                return line.append(CUT).toString();
            }
        }
        return line.toString();
    }

    /** A line that can stand in a list with commas between: in quotation marks if it has a comma itself. */
    public static String item(String text) {
        return text.indexOf(',') < 0 ? line(text) : "'" + line(text) + "'";
    }

    /** At most 60 characters of a text, with {@code ...} where it was cut. */
    public static String shorten(String text) {
        return text.length() <= LONGEST_WORD ? text : text.substring(0, LONGEST_WORD) + CUT;
    }

    /**
     * Whether a text is one of Unicode: halves of characters, which escapes such as {@code \\ud800} can make, could not be written
     * again.
     */
    public static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static boolean unprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
