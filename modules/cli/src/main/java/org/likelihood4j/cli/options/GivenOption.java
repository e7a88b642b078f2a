package org.likelihood4j.cli.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.tables.CellText;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.Printable;
import org.likelihood4j.models.FunctionInput;
import picocli.CommandLine.Option;

/** Given what a model that is told columns of a table is to make rows. */
public final class GivenOption {
    @Option(
            names = "--given",
            paramLabel = "COLUMN=VALUE",
            description =
                    "Of a model that is told columns (model.condition): rows given this; once for each of these columns.")
    private List<String> given = List.of();

    @Option(
            names = "--given-rows",
            paramLabel = "FILE",
            description =
                    "The same, given what each row of a table has in these columns; default: the run's test rows.")
    private Path rows;

    private String said = "";

    /**
     * What each row is given; empty of a model that is told no columns.
     *
     * @param count of rows; {@code null} for as many as the file has, else the usual count
     * @param usual that count
     * @param most rows there can be
     * @throws UserError if the columns are not those of the model, or it has none
     */
    public Optional<Conditions> conditions(TrainedModel model, Integer count, int usual, int most, Console console) {
        List<Column> columns = model.givenColumns();
        if (columns.isEmpty()) {
            if (!given.isEmpty() || rows != null) {
                throw new UserError((rows == null ? "--given" : "--given-rows")
                        + " is for models that are told columns of a table (model.condition: [COLUMN, ...]), which that of the run '"
                        + model.config().name() + "' is not");
            }
            return Optional.empty();
        }
        if (!given.isEmpty() && rows != null) {
            throw new UserError("give --given or --given-rows, not both");
        }
        FunctionInput.Given told = model.given().orElseThrow();
        if (!given.isEmpty()) {
            requireKnown(columns);
            double[] row = columns.stream()
                    .mapToDouble(column -> value(column, columns))
                    .toArray();
            said = ", given " + given.stream().map(Printable::line).collect(Collectors.joining(", "));
            return Optional.of(Conditions.given(
                    told,
                    Stream.generate(() -> row)
                            .limit(count == null ? usual : count)
                            .toList()));
        }
        if (rows != null) {
            return Optional.of(ofFile(model, told, columns, count, most, console));
        }
        Examples set = own(model, console);
        said = String.format(
                Locale.ROOT,
                ", given %s as the run's own rows have them (others: --given, --given-rows)",
                names(columns));
        return Optional.of(Conditions.given(told, set, count == null ? usual : count));
    }

    private Conditions ofFile(
            TrainedModel model,
            FunctionInput.Given told,
            List<Column> columns,
            Integer count,
            int most,
            Console console) {
        Examples table;
        try (ProgressView progress = console.progress()) {
            table = InputData.read(model.config().data(), new VectorShape(columns), rows, new DataProgress(progress))
                    .examples();
        }
        Conditions.requireGiven(
                List.of(table), IntStream.range(0, columns.size()).boxed().toList());
        if (count == null && table.size() > most) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "--given-rows: %s has %,d rows, of at most %,d: ask for fewer with --count",
                    rows,
                    table.size(),
                    most));
        }
        said = ", given " + names(columns) + " of " + rows;
        List<double[]> wanted = IntStream.range(0, count == null ? table.size() : count)
                .mapToObj(i -> table.values(i % table.size()))
                .toList();
        return Conditions.given(told, wanted);
    }

    /** The first of these that has rows. */
    private static Examples own(TrainedModel model, Console console) {
        RunConfig config = model.config();
        Splits data = RunOptions.data(config, console);
        return data.test().size() > 0 ? data.test() : data.train();
    }

    private double value(Column column, List<Column> columns) {
        List<String> said = given.stream()
                .filter(text -> text.startsWith(column.name() + "="))
                .toList();
        if (said.size() != 1) {
            throw new UserError("--given: the model is told " + names(columns) + ", each to be said once, but "
                    + Printable.line(column.name()) + " is said "
                    + (said.isEmpty() ? "nowhere" : said.size() + " times"));
        }
        return CellText.stored(column, said.get(0).substring(column.name().length() + 1));
    }

    private void requireKnown(List<Column> columns) {
        given.stream()
                .filter(text -> columns.stream().noneMatch(column -> text.startsWith(column.name() + "=")))
                .findFirst()
                .ifPresent(text -> {
                    throw new UserError("--given: '" + Printable.line(Printable.shorten(text))
                            + "' is not COLUMN=VALUE of one of " + names(columns));
                });
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(column -> Printable.line(column.name())).collect(Collectors.joining(", "));
    }

    /** For people, behind what is drawn. */
    public String said() {
        return said;
    }

    /** For the name of a file, another one for another condition. */
    public String suffix() {
        if (given.isEmpty() && rows == null) {
            return "";
        }
        String text =
                rows == null ? String.join("-", given) : rows.getFileName().toString();
        boolean plain = given.stream().allMatch(one -> one.matches("[A-Za-z0-9._]+=[A-Za-z0-9._]+"));
        return "-given-" + RunConfig.nameOf(text) + (plain ? "" : "-" + Integer.toHexString(given.hashCode()));
    }
}
