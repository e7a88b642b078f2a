package org.likelihood4j.spark.commands;

import java.io.IOException;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spark data RUN --output PARQUET}: examples as a data set of Spark. */
@Command(
        name = "data",
        description = {
            "Write a split of a run's data, or all of a file or folder, as Parquet that spark score takes.",
            "id is the number that the rows' noise is made of, as in ./run.sh score; an image is one column, 'pixels'."
        })
public final class SparkDataCommand implements Callable<Integer> {
    private static final String ID = "id";
    private static final String LABEL = "label";
    private static final String PIXELS = "pixels";
    /** Bytes. */
    private static final int PART = 1 << 19;

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PARQUET",
            description = "A folder that is not there yet.")
    private String output;

    private final Console console;

    public SparkDataCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        input.check();
        RunDirectory run = options.run();
        InputData data = input.read(run, DataSources.shape(run.readConfig().data()), List.of(), 0, console);
        SparkSession spark = SparkSession.builder().appName("likelihood4j data").getOrCreate();
        Path target = new Path(output);
        FileSystem files = target.getFileSystem(spark.sparkContext().hadoopConfiguration());
        if (files.exists(target)) {
            throw new UserError(
                    "--output: " + output + " exists already; choose another folder, nothing is written over");
        }
        JavaRDD<Row> rows =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows(data), parts(data.examples()));
        spark.createDataFrame(rows, schema(data.examples())).write().parquet(output);
        console.line("wrote " + data.examples().size() + " "
                + data.examples().shape().noun() + " to " + output);
        return 0;
    }

    /** Small ones, which go to executors with their tasks. */
    private static int parts(Examples examples) {
        long numbers = (long) examples.size() * examples.shape().size();
        return (int)
                Math.min(examples.size(), 1 + numbers / (examples instanceof ImageSet ? PART : PART / Double.BYTES));
    }

    private static StructType schema(Examples examples) {
        StructType schema = new StructType().add(ID, DataTypes.LongType).add(LABEL, DataTypes.StringType);
        if (!(examples.shape() instanceof VectorShape table)) {
            return schema.add(PIXELS, DataTypes.BinaryType);
        }
        for (Column column : table.columns()) {
            if (List.of(schema.fieldNames()).contains(column.name())) {
                throw new UserError("a column of the run is called '" + column.name()
                        + "', as is one that is added; rename it to write Parquet");
            }
            schema = schema.add(column.name(), type(column.kind()));
        }
        return schema;
    }

    private static DataType type(ColumnKind kind) {
        return kind.isText()
                ? DataTypes.StringType
                : kind instanceof ColumnKind.Whole ? DataTypes.LongType : DataTypes.DoubleType;
    }

    /** A view, of which Spark makes its own rows. */
    private static List<Row> rows(InputData data) {
        return new AbstractList<>() {
            @Override
            public Row get(int i) {
                return row(data, i);
            }

            @Override
            public int size() {
                return data.examples().size();
            }
        };
    }

    private static Row row(InputData data, int i) {
        Examples examples = data.examples();
        String label = data.labels().isEmpty() ? null : data.labels().get(i);
        if (!(examples.shape() instanceof VectorShape table)) {
            byte[] pixels = new byte[examples.shape().size()];
            ((ImageSet) examples).copyPixels(i, pixels, 0);
            return RowFactory.create((long) i, label, pixels);
        }
        double[] stored = examples.values(i);
        Object[] cells = new Object[stored.length + 2];
        cells[0] = (long) i;
        cells[1] = label;
        for (int j = 0; j < stored.length; j++) {
            cells[j + 2] = cell(table.columns().get(j).kind(), stored[j]);
        }
        return RowFactory.create(cells);
    }

    private static Object cell(ColumnKind kind, double stored) {
        if (Double.isNaN(stored)) {
            return null;
        }
        return kind.isText()
                ? kind.text(stored)
                : kind instanceof ColumnKind.Whole ? (Object) (long) stored : (Object) stored;
    }
}
