package org.likelihood4j.score.files;

/** An export cannot be used, or not for what it is asked; the message is one line that says why, whatever a file has in it. */
public sealed class ExportException extends RuntimeException permits ExampleException {
    private static final long serialVersionUID = 1;

    private static final int LONGEST = 1000;

    public ExportException(String message) {
        super(line(message));
    }

    public ExportException(String message, Throwable cause) {
        super(line(message), cause);
    }

    private static String line(String message) {
        StringBuilder line = new StringBuilder();
        message.codePoints().limit(LONGEST).forEach(c -> line.appendCodePoint(isPrintable(c) ? c : '?'));
        return line.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
