package org.likelihood4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.parquet.ParquetFile;
import org.likelihood4j.data.tables.TypedCell;
import org.likelihood4j.data.tables.TypedRow;
import org.likelihood4j.inference.runtime.DataSources;

/** What Spark writes, in whatever codec, encoding and number of files, is read without it as Spark itself reads it. */
class ParquetTest {
    private static final StructType SCHEMA = new StructType()
            .add("place", DataTypes.LongType, false)
            .add("byte", DataTypes.ByteType)
            .add("short", DataTypes.ShortType)
            .add("int", DataTypes.IntegerType)
            .add("few", DataTypes.IntegerType)
            .add("float", DataTypes.FloatType)
            .add("double", DataTypes.DoubleType)
            .add("exact", DataTypes.DoubleType, false)
            .add("truth", DataTypes.BooleanType)
            .add("word", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("day", DataTypes.DateType)
            .add("point", DataTypes.TimestampType)
            .add("clock", DataTypes.TimestampNTZType)
            .add("small", DataTypes.createDecimalType(9, 2))
            .add("large", DataTypes.createDecimalType(18, 4))
            .add("huge", DataTypes.createDecimalType(38, 10))
            .add("bytes", DataTypes.BinaryType)
            .add("list", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("empty", DataTypes.DoubleType);

    @TempDir
    private Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = LocalCluster.session();
    }

    private static Row row(int place) {
        Random random = new Random(place);
        Object[] cells = {
            (long) place,
            (byte) random.nextInt(),
            (short) random.nextInt(),
            random.nextInt(),
            random.nextInt(5) + (place < 400 ? 0 : 1000),
            (float) random.nextGaussian(),
            random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10),
            place / 8.0,
            random.nextBoolean(),
            List.of("north", "s\u00fcd", "west", "").get(random.nextInt(4)),
            "text " + random.nextInt(1000) + "\ud83d\ude00".repeat(random.nextInt(3)),
            LocalDate.of(1950, 1, 1).plusDays(random.nextInt(40_000)),
            Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000L),
            LocalDateTime.ofEpochSecond(random.nextInt(), random.nextInt(1000) * 1_000_000, ZoneOffset.UTC),
            BigDecimal.valueOf(random.nextInt(1_000_000) - 500_000, 2),
            BigDecimal.valueOf(random.nextLong() / 100, 4),
            new BigDecimal(new BigInteger(100, random), 10),
            new byte[] {(byte) place, (byte) random.nextInt()},
            new Integer[] {1, place},
            null
        };
        for (int i = 0; i < cells.length; i++) {
            if (SCHEMA.fields()[i].nullable() && random.nextInt(7) == 0) {
                cells[i] = null;
            }
        }
        return RowFactory.create(cells);
    }

    private static Dataset<Row> rows(int count, int parts) {
        List<Row> rows = IntStream.range(0, count).mapToObj(ParquetTest::row).toList();
        return frame(rows, parts, SCHEMA);
    }

    private static Dataset<Row> frame(List<Row> rows, int parts, StructType schema) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return spark.createDataFrame(context.parallelize(rows, parts), schema);
    }

    /** What Spark gives as another class of the same meaning. */
    private static Object same(Object cell) {
        if (cell instanceof Integer || cell instanceof Short || cell instanceof Byte) {
            return ((Number) cell).longValue();
        } else if (cell instanceof java.sql.Date date) {
            return date.toLocalDate();
        } else if (cell instanceof Timestamp timestamp) {
            return timestamp.toInstant();
        }
        return cell;
    }

    private static void requireSame(Path path) {
        List<Row> theirs = spark.read().parquet(path.toString()).collectAsList().stream()
                .sorted((a, b) -> Long.compare(a.getLong(0), b.getLong(0)))
                .toList();
        ParquetFile ours = new ParquetFile(path);
        List<String> names =
                Arrays.stream(SCHEMA.fields()).map(StructField::name).toList();
        assertThat(ours.names()).isEqualTo(names);
        assertThat(ours.rows()).isEqualTo(theirs.size());
        List<Long> places = new ArrayList<>();
        ours.each(names, ProgressListener.none(), (row, place) -> {
            Row their = theirs.get((int) place);
            places.add(place);
            for (int i = 0; i < names.size(); i++) {
                Object cell = ((TypedRow) row).cell(i);
                if (names.get(i).equals("list")) {
                    assertThat(cell).isEqualTo(TypedCell.Nested.CELL);
                } else {
                    assertThat(cell).as("%s of row %s", names.get(i), place).isEqualTo(same(their.get(i)));
                }
            }
        });
        assertThat(places).hasSize(theirs.size());
    }

    @ParameterizedTest
    @CsvSource({
        "none, v1, true, false",
        "snappy, v1, true, false",
        "gzip, v1, true, false",
        "zstd, v1, false, false",
        "lz4_raw, v1, false, true",
        "none, v2, false, false",
        "snappy, v2, true, false",
        "gzip, v2, false, true",
        "zstd, v2, true, true",
        "lz4_raw, v2, false, false"
    })
    void whatSparkWritesIsReadAsSparkReadsIt(String codec, String version, boolean words, boolean split) {
        Path path = folder.resolve("table");
        DataFrameWriter<Row> writer = rows(1200, 3)
                .write()
                .option("compression", codec)
                .option("parquet.writer.version", version)
                .option("parquet.enable.dictionary", words)
                .option("parquet.enable.bytestreamsplit", split)
                .option("parquet.page.size", 600)
                .option("parquet.page.row.count.limit", 100)
                .option("parquet.block.size", 8000)
                .option("parquet.block.size.row.check.min", 10);
        writer.parquet(path.toString());
        requireSame(path);
    }

    @Test
    void oldDatesAndAFileAlone() throws IOException {
        Path path = folder.resolve("old");
        spark.conf().set("spark.sql.parquet.outputTimestampType", "INT96");
        try {
            rows(50, 1).write().parquet(path.toString());
        } finally {
            spark.conf().unset("spark.sql.parquet.outputTimestampType");
        }
        requireSame(path);
        try (var files = Files.list(path)) {
            requireSame(files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private static Splits data(String yaml) {
        RunConfig config = ConfigLoader.parse(yaml, "test.yaml", List.of());
        return DataSources.source(config.data(), Path.of("datasets")).load(ProgressListener.none());
    }

    /** One row of the table that is written in both ways. */
    private record Line(String word, int count, double x, boolean member, LocalDate day, Instant point, String id) {
        static Line of(int place) {
            Random random = new Random(place);
            return new Line(
                    List.of("red", "green", "blue").get(random.nextInt(3)),
                    random.nextInt(30),
                    random.nextGaussian(),
                    random.nextBoolean(),
                    LocalDate.of(2024, 1, 1).plusDays(random.nextInt(200)),
                    Instant.ofEpochSecond(1_700_000_000L + random.nextInt(10_000_000)),
                    "row" + place);
        }

        Row row() {
            return RowFactory.create(word, count, x, member, day, point, id);
        }

        String csv() {
            return String.join(
                    ",",
                    word,
                    Integer.toString(count),
                    Double.toString(x),
                    Boolean.toString(member),
                    day.toString(),
                    point.toString(),
                    id);
        }
    }

    /** Values, kinds and division: all that a training sees. */
    @Test
    void aTableIsThatOfTheSameCsv() throws IOException {
        List<Line> lines = IntStream.range(0, 300).mapToObj(Line::of).toList();
        List<String> text = new ArrayList<>(List.of("word,count,x,member,day,point,id"));
        lines.forEach(line -> text.add(line.csv()));
        Path csv = Files.write(folder.resolve("table.csv"), text);
        Path parquet = folder.resolve("table.parquet");
        StructType schema = new StructType()
                .add("word", DataTypes.StringType)
                .add("count", DataTypes.IntegerType)
                .add("x", DataTypes.DoubleType)
                .add("member", DataTypes.BooleanType)
                .add("day", DataTypes.DateType)
                .add("point", DataTypes.TimestampType)
                .add("id", DataTypes.StringType);
        frame(lines.stream().map(Line::row).toList(), 4, schema).write().parquet(parquet.toString());
        String rest = """
                , columns: {id: id, word: label, count: integer, member: boolean, day: date, point: date}}
                model: {type: realnvp}
                """;
        Splits ours = data("data: {type: parquet, path: '" + parquet + "'" + rest);
        Splits theirs = data("data: {type: csv, path: '" + csv + "'" + rest);
        assertThat(ours.train().shape()).isEqualTo(theirs.train().shape());
        assertThat(ours.classes()).isEqualTo(theirs.classes());
        for (int i = 0; i < 3; i++) {
            Table mine = (Table)
                    List.of(ours.train(), ours.validation(), ours.test()).get(i);
            Table other = (Table)
                    List.of(theirs.train(), theirs.validation(), theirs.test()).get(i);
            assertThat(mine.sha256()).isEqualTo(other.sha256());
            for (int row = 0; row < mine.size(); row++) {
                assertThat(mine.place(row)).isEqualTo(other.place(row));
                assertThat(mine.label(row)).isEqualTo(other.label(row));
            }
        }
        assertThat(((VectorShape) ours.train().shape()).columns()).hasSize(5);
    }

    /** Pixels, and the same as pictures' files: Spark's own folder of pictures has the latter. */
    @Test
    void imagesMayBePicturesToo() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            byte[] pixels = new byte[3 * 20];
            new Random(i).nextBytes(pixels);
            BufferedImage picture = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < 20; at++) {
                int red = pixels[at] & 0xff;
                int green = pixels[at + 20] & 0xff;
                int blue = pixels[at + 40] & 0xff;
                picture.setRGB(at % 5, at / 5, red << 16 | green << 8 | blue);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", out);
            rows.add(RowFactory.create("class" + i % 3, pixels, out.toByteArray()));
        }
        Path path = folder.resolve("images.parquet");
        StructType schema = new StructType()
                .add("kind", DataTypes.StringType)
                .add("plain", DataTypes.BinaryType)
                .add("png", DataTypes.BinaryType);
        frame(rows, 2, schema).write().parquet(path.toString());
        String yaml = "data: {type: parquet, path: '" + path + "', label: kind, shape: [3, 4, 5], columns: [%s]}\n"
                + "model: {type: vae}\n";
        Splits plain = data(yaml.formatted("plain"));
        Splits png = data(yaml.formatted("png"));
        assertThat(png.train().sha256()).isEqualTo(plain.train().sha256());
        assertThat(png.classes()).isEqualTo(plain.classes()).containsExactly("class0", "class1", "class2");
        int place = plain.train().place(7);
        assertThat(((ImageSet) plain.train()).image(7))
                .isEqualTo(rows.get(place).get(1));
    }
}
