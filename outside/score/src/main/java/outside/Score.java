package outside;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.likelihood4j.score.CsvRows;
import org.likelihood4j.score.Scorer;

/** Prints log p(x) of each row of a file: {@code Score EXPORT ROWS.csv}. */
final class Score {
    private Score() {}

    public static void main(String[] arguments) throws IOException {
        Scorer scorer = Scorer.open(Path.of(arguments[0]));
        try (Reader rows = Files.newBufferedReader(Path.of(arguments[1]))) {
            scorer.score(CsvRows.read(scorer, arguments[1], rows))
                    .forEach(score -> System.out.println(score.logProb()));
        }
    }
}
