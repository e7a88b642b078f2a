package org.likelihood4j.spark.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.spark.LikelihoodScorer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spark score RUN --input PARQUET --output PARQUET}: the likelihood of every row, on a cluster. */
@Command(
        name = "score",
        description = {
            "Write Parquet with the likelihood of each row of other Parquet, on a cluster: the numbers of ./run.sh score, to the bit.",
            "Options of spark-submit, such as --master local[2] and --conf, may stand among the others.",
            "Rows of a table are columns by the run's names; an image is one column, 'pixels', with a byte for each. docs/spark.md"
                    + " explains it all."
        })
public final class SparkScoreCommand implements Callable<Integer> {
    private static final String ALARM = "alarm";
    private static final String LOG_PROB = "log_prob";

    @Parameters(paramLabel = "RUN", description = "The run's folder: a path, or an address that Hadoop knows.")
    private String run;

    @Option(
            names = "--checkpoint",
            description = "best, last, or a folder of RUN/checkpoints; default: ${DEFAULT-VALUE}.")
    private String checkpoint = "best";

    @Option(names = "--input", required = true, paramLabel = "PARQUET", description = "What to score; may be repeated.")
    private List<String> input;

    @Option(
            names = "--format",
            description =
                    "Of the input: one that Spark reads, such as binaryFile for a folder of pictures, which are its"
                            + " --columns content; default: ${DEFAULT-VALUE}.")
    private String format = "parquet";

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PARQUET",
            description = "A folder that is not there yet.")
    private String output;

    @Option(
            names = "--outputs",
            split = ",",
            paramLabel = "NAME",
            description = "New columns: log_prob, standard_error, bits_per_dim, elbo, elbo_error, bound, bound_error,"
                    + " effective_draws, p_value, alarm, latent, reconstruction; default: log_prob.")
    private List<String> outputs = List.of(LOG_PROB);

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Columns that the model takes, in the run's order; or one that holds whole examples; default: the run's"
                            + " own names.")
    private List<String> columns = List.of();

    @Option(
            names = "--keep",
            split = ",",
            paramLabel = "NAME",
            description = "Columns of the input that are written, too; default: all.")
    private List<String> kept;

    @Option(
            names = "--id",
            paramLabel = "NAME",
            description =
                    "A column of whole numbers, of which the rows' noise is made, as score makes it of the place in a file;"
                            + " default: of the rows' values.")
    private String id;

    @Option(
            names = "--label",
            paramLabel = "NAME",
            description = "The column of classes, of a model that is told them.")
    private String label = "label";

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "A name for the data, for the noise; default: ${DEFAULT-VALUE}.")
    private String split = "input";

    @Option(
            names = "--importance-samples",
            paramLabel = "K",
            description = "Draws for a log-likelihood that is an estimate; default: the config's.")
    private Integer draws;

    @Option(names = "--seed", description = "Of all noise; default: the config's.")
    private Long seed;

    @Option(
            names = "--invalid",
            paramLabel = "WHAT",
            description = "What becomes of rows that the model cannot take: error, skip, or keep with nulls; default:"
                    + " ${DEFAULT-VALUE}.")
    private String invalid = "error";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "Parts that are scored side by side, a file each; default: the input's, or where those are fewer as many as"
                            + " there are cores.")
    private Integer partitions;

    private final Console console;

    public SparkScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (partitions != null && partitions < 1) {
            throw new UserError("--partitions must be at least 1, was " + partitions);
        }
        score(SparkSession.builder().appName("likelihood4j score").getOrCreate());
        return 0;
    }

    private void score(SparkSession spark) throws IOException {
        Path target = new Path(output);
        FileSystem files = target.getFileSystem(spark.sparkContext().hadoopConfiguration());
        if (files.exists(target)) {
            throw new UserError(
                    "--output: " + output + " exists already; choose another folder, nothing is written over");
        }
        long started = System.nanoTime();
        Dataset<Row> scored = scored(spark);
        boolean written = false;
        try {
            scored.write().mode(SaveMode.ErrorIfExists).parquet(output);
            written = true;
        } finally {
            // What a job that failed has left; a finished one there is somebody else's, who was faster.
            if (!written && !files.exists(new Path(target, "_SUCCESS"))) {
                files.delete(target, true);
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        tell(spark.read().parquet(output), seconds);
    }

    private Dataset<Row> scored(SparkSession spark) {
        Dataset<Row> rows = spark.read().format(format).load(input.toArray(String[]::new));
        LikelihoodScorer scorer = new LikelihoodScorer()
                .setRun(run)
                .setCheckpoint(checkpoint)
                .setInputCols(columns.toArray(String[]::new))
                .setOutputs(outputs.toArray(String[]::new))
                .setLabelCol(label)
                .setSplit(split)
                .setHandleInvalid(invalid);
        if (id != null) {
            scorer.setIdCol(id);
        }
        if (draws != null) {
            if (draws < 1) {
                throw new UserError("--importance-samples must be at least 1, was " + draws);
            }
            scorer.setDraws(draws);
        }
        if (seed != null) {
            scorer.setSeed(seed);
        }
        Dataset<Row> all = scorer.transform(spread(spark, rows));
        if (kept == null) {
            return all;
        }
        List<String> there = List.of(rows.columns());
        kept.stream().filter(name -> !there.contains(name)).findFirst().ifPresent(name -> {
            throw new UserError("--keep: the input has no column '" + name + "'; it has " + String.join(", ", there));
        });
        return all.select(Stream.concat(kept.stream(), outputs.stream())
                .distinct()
                // In the quotes of SQL, or a point in a name would lead into a struct.
                .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
                .toArray(Column[]::new));
    }

    /** Few large files, of which Spark puts several into one part, would leave cores idle. */
    private Dataset<Row> spread(SparkSession spark, Dataset<Row> rows) {
        int parts = rows.toJavaRDD().getNumPartitions();
        int cores = spark.sparkContext().defaultParallelism();
        int wanted = partitions != null ? partitions : Math.max(parts, cores);
        return wanted == parts ? rows : rows.repartition(wanted);
    }

    /** Of what was written, which is what counts. */
    private void tell(Dataset<Row> written, double seconds) {
        List<Column> asked = new ArrayList<>(List.of(functions.count(functions.lit(1))));
        if (outputs.contains(LOG_PROB)) {
            // An overflow is minus infinity, as would be its mean.
            asked.add(functions.avg(functions.expr("if(log_prob = double('-inf'), null, log_prob)")));
        }
        if (outputs.contains(ALARM)) {
            asked.add(functions.sum(functions.expr("if(alarm, 1, 0)")));
        }
        Row told = written.agg(asked.get(0), asked.subList(1, asked.size()).toArray(Column[]::new))
                .first();
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%,d rows", told.getLong(0)));
        int at = 1;
        if (outputs.contains(LOG_PROB)) {
            if (!told.isNullAt(at)) {
                line.append(String.format(Locale.ROOT, ", mean log_prob %.4f", told.getDouble(at)));
            }
            at++;
        }
        if (outputs.contains(ALARM) && !told.isNullAt(at)) {
            line.append(String.format(Locale.ROOT, ", %,d alarms", told.getLong(at)));
        }
        console.line(line.toString());
        console.line(String.format(Locale.ROOT, "wrote %s in %.1f s", output, seconds));
    }
}
