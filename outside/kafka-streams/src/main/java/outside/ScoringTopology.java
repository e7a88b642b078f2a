package outside;

import java.io.StringReader;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.likelihood4j.score.CsvRows;
import org.likelihood4j.score.ExportColumn;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExampleException;

/**
 * Scores the records of a topic: a record's value is a line of CSV with the model's columns, in its order. Their log p(x), in nats, goes to a topic, and to another
 * one the reason why a record cannot be read; keys stay as they are. A calibrated model's alarms go to a topic as well.
 */
final class ScoringTopology {
    static final String ROWS = "rows";
    static final String SCORES = "scores";
    static final String ALARMS = "alarms";
    static final String REFUSED = "refused";

    /** What is said of a record: a number, or why there is none. */
    private record Answer(double logProb, String refused) {}

    private final Scorer scorer;
    private final String header;

    private ScoringTopology(Scorer scorer) {
        this.scorer = scorer;
        header = scorer.columns().stream()
                .map(ExportColumn::name)
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",", "", "\n"));
    }

    static Topology of(Scorer scorer) {
        ScoringTopology topology = new ScoringTopology(scorer);
        StreamsBuilder builder = new StreamsBuilder();
        Produced<String, Double> numbers = Produced.with(Serdes.String(), Serdes.Double());
        builder.stream(ROWS, Consumed.with(Serdes.String(), Serdes.String()))
                .mapValues(topology::score)
                .split()
                .branch(
                        (key, answer) -> answer.refused() != null,
                        Branched.withConsumer(refused -> refused.mapValues(Answer::refused)
                                .to(REFUSED, Produced.with(Serdes.String(), Serdes.String()))))
                .defaultBranch(Branched.withConsumer(scored -> {
                    KStream<String, Double> scores = scored.mapValues(Answer::logProb);
                    scores.to(SCORES, numbers);
                    if (scorer.isCalibratedByLikelihood()) {
                        scores.filter((key, logProb) -> scorer.isAlarm(logProb)).to(ALARMS, numbers);
                    }
                }));
        return builder.build();
    }

    private Answer score(String line) {
        try {
            return CsvRows.read(scorer, "record", new StringReader(header + line))
                    .findFirst()
                    .map(row -> new Answer(scorer.logProb(row), null))
                    .orElse(new Answer(Double.NaN, "record: has no row"));
        } catch (ExampleException e) {
            return new Answer(Double.NaN, e.getMessage());
        }
    }
}
