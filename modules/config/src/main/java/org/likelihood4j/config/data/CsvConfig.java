package org.likelihood4j.config.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.Wording;

/**
 * Rows of tables in text files, gzipped or not.
 *
 * @param path the file; required
 * @param testPath the file of the test set; may be {@code null}
 * @param delimiter between cells: one character, {@code tab}, or {@code blanks} for any run of blanks and tabs; {@code null} for
 *     what the file has
 * @param decimal the sign before decimals, a point or a comma; {@code null} for what the file has, which is then
 *     written into the run's config
 * @param header whether the first row names the columns, else they are x1, x2, ...; {@code null} for what the file has
 * @param label the column that holds labels, of any text; may be {@code null}
 * @param columns the columns to train on, in that order; or {@code -name} of each column to leave out; or a mapping of columns to what
 *     they hold, such as {@code {country: category, day: date, note: ignore}}, see docs/your-data.md; {@code null} for all but the label, until the file
 *     has been read
 * @param kinds what the columns hold that are not of plain numbers; written by a mapping of columns; default none
 * @param missing what is done about missing cells; default refuse
 * @param allow what the check of the columns may find without refusing the table, see docs/your-data.md; default none
 * @param validation the share of the rows that is held out; default 0.1
 * @param test the share that is kept for the test, unless there is a testPath; default 0.1
 * @param seed of the random division; default 1
 */
public record CsvConfig(
        String path,
        String testPath,
        String delimiter,
        String decimal,
        Boolean header,
        String label,
        List<String> columns,
        List<ColumnConfig> kinds,
        Missing missing,
        List<TableFlaw> allow,
        Double validation,
        Double test,
        Long seed)
        implements TableFiles {
    private static final String TAB = "tab";
    private static final String BLANKS = "blanks";
    private static final Pattern DELIMITER =
            Pattern.compile("[^\"\\r\\n.+A-Za-z0-9-]|\\\\t|tab|blanks?|spaces?|comma|semicolon");
    private static final Pattern DECIMAL = Pattern.compile("[.,]");

    /** Fills in the defaults and checks them. */
    public CsvConfig {
        path = Check.path("path", path);
        Check.optionalPath("testPath", testPath);
        delimiter = named(Check.text(
                DELIMITER,
                "must be one character between cells, such as ';', or tab or blanks, was "
                        + Wording.quote(String.valueOf(delimiter)),
                "delimiter",
                delimiter,
                null));
        decimal = Check.text(
                DECIMAL,
                "must be a point or a comma, was " + Wording.quote(String.valueOf(decimal)),
                "decimal",
                decimal,
                null);
        Check.require(
                decimal == null || !decimal.equals(delimiter), "decimal", "must not be the delimiter too", decimal);
        missing = Check.or(missing, Missing.REFUSE);
        allow = TableFlaw.checked(allow);
        columns = TableFiles.checkColumns(columns, label);
        kinds = TableFiles.checkKinds(kinds);
        validation = Check.decay("validation", validation, Check.SHARE);
        test = Check.share("test", test, validation);
        seed = Check.or(seed, 1L);
    }

    /** What is written in several ways is kept in one. */
    private static String named(String delimiter) {
        return delimiter == null
                ? null
                : switch (delimiter) {
                    case "\t", "\\t" -> TAB;
                    case " ", "blank", "space", "spaces" -> BLANKS;
                    case "comma" -> ",";
                    case "semicolon" -> ";";
                    default -> delimiter;
                };
    }

    @Override
    public Optional<Boolean> hasImages() {
        return Optional.of(false);
    }

    /** The character; a blank for any run of blanks and tabs. */
    public Optional<Character> separator() {
        return Optional.ofNullable(delimiter).map(name -> switch (name) {
            case TAB -> '\t';
            case BLANKS -> ' ';
            default -> name.charAt(0);
        });
    }

    /** The same with what was found in the file. */
    public CsvConfig with(
            char foundDelimiter,
            char foundDecimal,
            boolean foundHeader,
            List<String> found,
            List<ColumnConfig> foundKinds) {
        return new CsvConfig(
                path,
                testPath,
                String.valueOf(foundDelimiter),
                String.valueOf(foundDecimal),
                foundHeader,
                label,
                found,
                foundKinds,
                missing,
                allow,
                validation,
                test,
                seed);
    }
}
