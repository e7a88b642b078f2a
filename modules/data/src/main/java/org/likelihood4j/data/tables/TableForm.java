package org.likelihood4j.data.tables;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a table is written, as far as messages on its rows need to know. */
public interface TableForm {
    /** What it is read from, a folder of files too. */
    Path file();

    /** On how it is read, for people. */
    List<String> notes();

    /** What its rows are counted as in messages, such as {@code line}. */
    String unit();

    /** Where a cell stands, such as {@code file:line:column}. */
    String where(long line, String column);

    /** How it was cut into cells, where that may have been wrong, for a question. */
    Optional<String> doubt();

    /** What is to be done about a cell that is no number, behind a message; empty where nothing is known. */
    String problem(String cell);
}
