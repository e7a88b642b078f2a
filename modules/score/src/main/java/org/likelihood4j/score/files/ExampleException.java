package org.likelihood4j.score.files;

/** An example is not what the model takes: whoever sent it is to blame, and other examples can be scored. One line, as of {@link ExportException}. */
public final class ExampleException extends ExportException {
    private static final long serialVersionUID = 1;

    public ExampleException(String message) {
        super(message);
    }

    public ExampleException(String message, Throwable cause) {
        super(message, cause);
    }
}
