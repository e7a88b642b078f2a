package org.likelihood4j.spark;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.Reconstructions;
import org.likelihood4j.inference.alarm.Alarm;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.inference.runtime.ExampleNumbers;
import org.likelihood4j.io.RunException;
import org.likelihood4j.spark.ExampleReader.Read;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The new columns of some rows at a time: the numbers that {@code score}, and Java's interface, give for the same examples, to the bit. */
final class RowScores {
    private final OpenedModel model;
    private final ScoringSettings settings;
    private final ExampleReader reader;
    private final NoiseSource noise;
    private final Optional<LikelihoodScores> scores;
    private final Optional<Alarm> alarm;

    /**
     * @param schema of the rows
     * @throws DataException if the rows have not got what the model takes; one line
     * @throws RunException if the run cannot give what is asked for; one line
     */
    RowScores(OpenRuns.OpenRun run, ScoringSettings settings, ColumnNames names, StructType schema) {
        this.model = run.model();
        this.settings = settings;
        this.reader = new ExampleReader(model, schema, names, ZoneId.of(settings.zone()));
        EvaluationConfig own = model.config().evaluation();
        this.noise = model.noise()
                .withSplit(settings.split())
                .withSeed(settings.ownSeed().orElse(own.seed()));
        List<Output> outputs = settings.outputs();
        this.scores = outputs.stream().anyMatch(Output::needsScores)
                ? Optional.of(new LikelihoodScores(model, settings.ownDraws().orElse(own.importanceSamples()), noise))
                : Optional.empty();
        requireScores();
        this.alarm = outputs.stream().anyMatch(Output::needsCalibration) ? Optional.of(alarm(run)) : Optional.empty();
        if (outputs.contains(Output.LATENT) || outputs.contains(Output.RECONSTRUCTION)) {
            // Which some models have not got.
            model.latentDimension();
        }
    }

    private void requireScores() {
        if (settings.ownDraws().isPresent() && model instanceof OpenedFlow flow && !flow.hasNoise()) {
            throw new RunException("draws are for estimates; this flow's density of real numbers is exact");
        }
        for (Output output : settings.outputs()) {
            output.score().ifPresent(name -> {
                List<String> there = scores.orElseThrow().columns();
                if (!there.contains(name)) {
                    throw new RunException("there is no " + output + " of this model; of likelihoods there are "
                            + Arrays.stream(Output.values())
                                    .filter(other -> other.score()
                                            .filter(there::contains)
                                            .isPresent())
                                    .map(Output::toString)
                                    .toList());
                }
            });
        }
    }

    private Alarm alarm(OpenRuns.OpenRun run) {
        var calibration = run.calibration()
                .orElseThrow(() -> new RunException(
                        "p_value and alarm are of a calibrated run; first: ./run.sh" + " calibrate RUN"));
        calibration.unfit(run.weights(), scores.orElseThrow().draws()).ifPresent(problem -> {
            throw new RunException(
                    "the calibration does not fit these scores: " + problem + "; anew: ./run.sh calibrate RUN");
        });
        return new Alarm(calibration, scores.orElseThrow(), calibration.falseAlarms());
    }

    /**
     * The rows with their new columns behind the old ones.
     *
     * @throws DataException of a row that the model cannot take, where these are errors
     */
    List<Row> of(List<Row> rows) {
        List<Read> taken = new ArrayList<>(rows.size());
        List<Row> done = new ArrayList<>(rows.size());
        for (Row row : rows) {
            try {
                taken.add(reader.read(row));
            } catch (DataException e) {
                if (settings.invalid() == ScoringSettings.Invalid.ERROR) {
                    throw e;
                } else if (settings.invalid() == ScoringSettings.Invalid.KEEP) {
                    done.add(extended(row, new Object[settings.outputs().size()]));
                }
            }
        }
        if (taken.isEmpty()) {
            return done;
        }
        Examples set = reader.set(taken);
        ExampleNumbers numbers =
                new ExampleNumbers.Each(taken.stream().mapToLong(Read::number).toArray());
        Map<Output, Object[]> columns = columns(set, numbers);
        for (int i = 0; i < taken.size(); i++) {
            int at = i;
            done.add(extended(
                    taken.get(i).row(),
                    settings.outputs().stream()
                            .map(output -> columns.get(output)[at])
                            .toArray()));
        }
        return done;
    }

    private static Row extended(Row row, Object... cells) {
        Object[] all = new Object[row.size() + cells.length];
        for (int i = 0; i < row.size(); i++) {
            all[i] = row.get(i);
        }
        System.arraycopy(cells, 0, all, row.size(), cells.length);
        return RowFactory.create(all);
    }

    private Map<Output, Object[]> columns(Examples set, ExampleNumbers numbers) {
        Map<Output, Object[]> columns = new EnumMap<>(Output.class);
        scores.ifPresent(likelihoods -> likelihoods(likelihoods, set, numbers, columns));
        if (settings.outputs().contains(Output.LATENT)) {
            INDArray latents = model.encode(set, noise.numbered(numbers));
            columns.put(Output.LATENT, rows(latents, set.size()));
            latents.close();
        }
        if (settings.outputs().contains(Output.RECONSTRUCTION)) {
            Reconstructions both = model.reconstruct(set, noise.numbered(numbers));
            Object[] made = rows(both.reconstructed(), set.size());
            columns.put(
                    Output.RECONSTRUCTION, model.shape() instanceof VectorShape table ? structs(table, made) : made);
            both.seen().close();
            both.reconstructed().close();
        }
        return columns;
    }

    private void likelihoods(
            LikelihoodScores likelihoods, Examples set, ExampleNumbers numbers, Map<Output, Object[]> columns) {
        double[][] computed = likelihoods.of(set, numbers);
        if (!Arrays.stream(computed[0]).allMatch(Double::isFinite)) {
            likelihoods.requireFiniteWeights();
        }
        for (Output output : settings.outputs()) {
            output.score().ifPresent(name -> {
                double[] values = computed[likelihoods.columns().indexOf(name)];
                Object[] cells = new Object[values.length];
                Arrays.setAll(cells, i -> cell(output, values[i], computed[0][i]));
                columns.put(output, cells);
            });
        }
        alarm.ifPresent(decision -> {
            double[] strange = decision.scores(computed[0], set, numbers);
            Object[] pValues = new Object[strange.length];
            Object[] alarms = new Object[strange.length];
            for (int i = 0; i < strange.length; i++) {
                double score = Double.isFinite(computed[0][i]) ? strange[i] : Double.POSITIVE_INFINITY;
                pValues[i] = decision.pValue(score);
                alarms[i] = decision.isAlarm(score);
            }
            columns.put(Output.P_VALUE, pValues);
            columns.put(Output.ALARM, alarms);
        });
    }

    /** As {@code score} writes what is beyond the model's precision. */
    private static Object cell(Output output, double value, double logProb) {
        if (Double.isFinite(value) && Double.isFinite(logProb)) {
            return value;
        }
        return switch (output) {
            case LOG_PROB, ELBO, BOUND -> Double.NEGATIVE_INFINITY;
            case BITS_PER_DIM -> Double.POSITIVE_INFINITY;
            default -> null;
        };
    }

    private static Object[] rows(INDArray array, int count) {
        double[][] rows = array.reshape(count, -1)
                .castTo(org.nd4j.linalg.api.buffer.DataType.DOUBLE)
                .toDoubleMatrix();
        Object[] cells = new Object[count];
        for (int i = 0; i < count; i++) {
            cells[i] = Arrays.stream(rows[i]).boxed().toArray(Double[]::new);
        }
        return cells;
    }

    private static Object[] structs(VectorShape table, Object... rows) {
        return Arrays.stream(rows)
                .map(row -> Reconstructed.row(table, (Double[]) row))
                .toArray();
    }
}
