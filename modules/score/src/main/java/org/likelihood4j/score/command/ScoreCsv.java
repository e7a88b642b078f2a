package org.likelihood4j.score.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import org.likelihood4j.score.CsvRows;
import org.likelihood4j.score.Score;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExportException;

/**
 * {@code l4j-score EXPORT [ROWS.csv]}: the likelihood of each row, as CSV on standard output: the numbers that {@code ./run.sh score} has of the same file,
 * under the same names but for {@code bound}, which is the {@code elbo} of a VAE.
 */
public final class ScoreCsv {
    private static final String USAGE = """
            usage: l4j-score EXPORT [ROWS.csv]

            Scores the rows of a CSV file, or of standard input, with a model that ./run.sh export has written to the
            folder EXPORT. Writes CSV to standard output: index, log_likelihood (nats); of models whose likelihood is
            estimated standard_error, bound, bound_error, effective_draws; of calibrated ones p_value, alarm.""";

    private static final String STANDARD_INPUT = "-";

    private ScoreCsv() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        int code = run(arguments, System.in, out, System.err);
        out.flush();
        System.exit(code);
    }

    /** The exit code: 1 of what cannot be scored, 2 of a command line that is none. */
    static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.length == 1 && (arguments[0].equals("--help") || arguments[0].equals("-h"))) {
            out.println(USAGE);
            return 0;
        }
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            String version = ScoreCsv.class.getPackage().getImplementationVersion();
            out.println("l4j-score " + (version == null ? "of no jar" : version));
            return 0;
        }
        if (arguments.length < 1 || arguments.length > 2 || arguments[0].startsWith("-")) {
            err.println(USAGE);
            return 2;
        }
        try {
            Scorer scorer = Scorer.open(Path.of(arguments[0]));
            String rows = arguments.length == 2 ? arguments[1] : STANDARD_INPUT;
            if (rows.equals(STANDARD_INPUT)) {
                write(scorer, "standard input", in, out);
            } else {
                try (InputStream file = Files.newInputStream(Path.of(rows))) {
                    write(scorer, rows, file, out);
                } catch (IOException e) {
                    throw new ExportException(rows + ": cannot be read; expected a CSV file", e);
                }
            }
            return 0;
        } catch (ExportException e) {
            err.println("error: " + e.getMessage());
            return 1;
        } catch (InvalidPathException e) {
            err.println("error: no path: " + e.getReason());
            return 1;
        }
    }

    private static void write(Scorer scorer, String name, InputStream in, PrintStream out) {
        if (scorer.conditionClasses() > 0) {
            throw new ExportException("the model of run '" + scorer.run()
                    + "' is told each row's class, which is not read here; score it in Java");
        }
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
        Iterator<Score> scores = scorer.score(CsvRows.read(scorer, name, text)).iterator();
        // What is wrong with the first rows is told before anything is written.
        boolean any = scores.hasNext();
        boolean estimated = !scorer.isExact() && scorer.draws() > 1;
        out.print("index,log_likelihood");
        out.print(estimated ? ",standard_error,bound,bound_error,effective_draws" : "");
        out.print(scorer.isCalibratedByLikelihood() ? ",p_value,alarm\n" : "\n");
        for (long index = 0; any && scores.hasNext(); index++) {
            Score score = scores.next();
            out.print(index + cell(score.logProb()));
            if (estimated) {
                out.print(cell(score.standardError())
                        + cell(score.bound())
                        + cell(score.boundError())
                        + cell(score.effectiveDraws()));
            }
            if (scorer.isCalibratedByLikelihood()) {
                out.print(cell(scorer.pValue(score.logProb())) + "," + scorer.isAlarm(score.logProb()));
            }
            out.print('\n');
            // To ask writes all that is there.
            if ((index % 1024 == 1023 || !scores.hasNext()) && out.checkError()) {
                throw new ExportException("standard output was closed before all rows were written");
            }
        }
    }

    private static String cell(double number) {
        return Double.isNaN(number) ? "," : "," + number;
    }
}
