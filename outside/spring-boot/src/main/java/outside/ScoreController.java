package outside;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.likelihood4j.score.Rows;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExampleException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /score} takes a list of rows, objects with the columns' names as keys, and gives what the model says of each. */
@RestController
class ScoreController {
    private final Supplier<Scorer> newest;

    ScoreController(Supplier<Scorer> newest) {
        this.newest = newest;
    }

    /**
     * What is said of a row.
     *
     * @param logLikelihood nats
     * @param pValue null without a calibration
     * @param alarm the same
     */
    record Answer(double logLikelihood, Double pValue, Boolean alarm) {
        static Answer of(Scorer scorer, double logLikelihood) {
            return scorer.isCalibratedByLikelihood()
                    ? new Answer(logLikelihood, scorer.pValue(logLikelihood), scorer.isAlarm(logLikelihood))
                    : new Answer(logLikelihood, null, null);
        }
    }

    @PostMapping("/score")
    List<Answer> score(@RequestBody List<Map<String, String>> rows) {
        Scorer scorer = newest.get();
        double[][] stored = rows.stream().map(scorer::row).toArray(double[][]::new);
        return Arrays.stream(scorer.logProb(Rows.of(stored)))
                .mapToObj(logLikelihood -> Answer.of(scorer, logLikelihood))
                .toList();
    }

    @GetMapping("/model")
    Map<String, Object> model() {
        return Map.of(
                "run", newest.get().run(), "columns", newest.get().columns().toString());
    }

    @ExceptionHandler(ExampleException.class)
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Map<String, String> refused(ExampleException e) {
        return Map.of("error", e.getMessage());
    }
}
