package org.likelihood4j.spark;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructType;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.images.ImageFile;
import org.likelihood4j.data.images.PictureKind;
import org.likelihood4j.data.tables.TypedCell;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.io.Printable;
import org.likelihood4j.random.CounterRandom;

/**
 * Rows of Spark as a run's examples.
 *
 * <pre>
 * rows    a column of the data set for each of the run's, by name; or one that holds whole rows, an array or an ML vector in the run's order
 * images  one column: binary, a byte for each pixel, (C, H, W), or a picture's file, which is cut and scaled; or an array of
 *         integers 0 to 255 or of intensities in [0, 1]; or
 *         an ML vector of such intensities
 * </pre>
 */
final class ExampleReader {
    private static final int LEVELS = 256;
    private static final int MOST_NAMED = 20;

    private final OpenedModel model;
    private final ZoneId zone;
    private final ExampleShape shape;
    private final int[] places;
    /** Whether one column holds whole examples. */
    private final boolean whole;

    private final OptionalInt id;
    private final OptionalInt label;
    private final boolean holes;
    private final Set<String> given = new HashSet<>();

    /**
     * @param zone of clocks by which dates were written
     * @throws DataException if the data set has not got what the model takes; one line
     */
    ExampleReader(OpenedModel model, StructType schema, ColumnNames names, ZoneId zone) {
        this.model = model;
        this.zone = zone;
        this.shape = model.shape();
        this.holes = model.config().data().hasHoles();
        model.givenColumns().forEach(column -> given.add(column.name()));
        List<String> own = shape instanceof VectorShape table ? table.names() : List.of(ColumnNames.PIXELS);
        List<String> inputs = names.inputs().isEmpty() ? own : names.inputs();
        this.places = inputs.stream().mapToInt(name -> place(schema, name)).toArray();
        DataType first = schema.apply(places[0]).dataType();
        this.whole = places.length == 1
                && (first instanceof ArrayType
                        || first instanceof BinaryType
                        || first.typeName().equals("vector"));
        int expected = shape instanceof VectorShape ? shape.size() : 1;
        if (!whole && places.length != expected) {
            throw new DataException("the run takes " + expected + " columns, but the inputs are " + places.length
                    + "; name them in the run's order: " + some(own));
        }
        if (shape instanceof ImageShape && !whole) {
            throw new DataException("column '" + inputs.get(0)
                    + "' must hold a whole image: binary pixels, an array or a vector; is of type "
                    + first.simpleString());
        }
        this.id = names.id() == null ? OptionalInt.empty() : OptionalInt.of(place(schema, names.id()));
        id.ifPresent(place -> requireWhole(schema, place));
        this.label = model.conditionClasses() == 0
                ? OptionalInt.empty()
                : OptionalInt.of(place(schema, names.label() == null ? ColumnNames.LABEL : names.label()));
    }

    private static int place(StructType schema, String name) {
        List<String> names = List.of(schema.fieldNames());
        int place = names.indexOf(name);
        if (place < 0) {
            throw new DataException("the data set has no column '" + Printable.line(Printable.shorten(name))
                    + "', which the run takes; it has " + some(names));
        }
        return place;
    }

    private static String some(List<String> names) {
        return Printable.line(String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))))
                + (names.size() > MOST_NAMED ? ", ..." : "");
    }

    private static void requireWhole(StructType schema, int place) {
        DataType type = schema.apply(place).dataType();
        if (!(type instanceof LongType
                || type instanceof IntegerType
                || type instanceof ShortType
                || type instanceof ByteType)) {
            throw new DataException("column '" + schema.apply(place).name()
                    + "' must hold whole numbers, of which the rows' noise is made; is of type " + type.simpleString());
        }
    }

    /** An example as it is kept: what is stored of a row, or pixels. */
    sealed interface Example {}

    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Numbers(double[] values) implements Example {}

    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Pixels(byte[] values) implements Example {}

    /**
     * A row with what was read of it.
     *
     * @param number of which its noise is a function: its id, or made of its values
     */
    record Read(Row row, Example example, int label, long number) {}

    /** @throws DataException if the model cannot take it; one line */
    Read read(Row row) {
        Example example =
                shape instanceof ImageShape image ? new Pixels(pixels(row, image)) : new Numbers(numbers(row));
        int classed = label.isPresent() ? label(row, label.getAsInt()) : 0;
        return new Read(row, example, classed, id.isPresent() ? id(row, id.getAsInt()) : number(example));
    }

    private static long id(Row row, int place) {
        if (row.isNullAt(place)) {
            throw new DataException("column '" + name(row, place) + "' is null, and the row's noise is made of it");
        }
        return ((Number) row.get(place)).longValue();
    }

    private static String name(Row row, int place) {
        return Printable.line(Printable.shorten(row.schema().apply(place).name()));
    }

    private double[] numbers(Row row) {
        VectorShape table = (VectorShape) shape;
        double[] values = new double[table.size()];
        List<?> cells = whole ? elements(row, places[0], values.length) : null;
        for (int i = 0; i < values.length; i++) {
            Column column = table.columns().get(i);
            Object cell = cells == null ? row.get(places[i]) : cells.get(i);
            values[i] = TypedCell.isMissing(cell) ? hole(column) : TypedCell.stored(column, cell, zone);
        }
        return values;
    }

    private double hole(Column column) {
        if (!holes || given.contains(column.name())) {
            throw new DataException("column '" + Printable.line(Printable.shorten(column.name())) + "' has nothing"
                    + (given.contains(column.name())
                            ? ", and the model is told it"
                            : ", and the run was not trained with data.missing: mask"));
        }
        return Double.NaN;
    }

    private static List<?> elements(Row row, int place, int size) {
        if (row.isNullAt(place)) {
            throw new DataException("column '" + name(row, place) + "' is null");
        }
        Object cell = row.get(place);
        List<?> elements = cell instanceof Vector vector ? boxed(vector.toArray()) : row.getList(place);
        if (elements.size() != size) {
            throw new DataException("column '" + name(row, place) + "' holds " + elements.size()
                    + " numbers, but the run's examples have " + size);
        }
        return elements;
    }

    private static List<Double> boxed(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return list;
    }

    private byte[] pixels(Row row, ImageShape image) {
        int place = places[0];
        if (!row.isNullAt(place) && row.get(place) instanceof byte[] bytes) {
            if (PictureKind.isPicture(bytes, image.size())) {
                byte[] pixels = new byte[image.size()];
                ImageFile.read(Path.of("column '" + name(row, place) + "'"), bytes, image, pixels, 0);
                return pixels;
            } else if (bytes.length != image.size()) {
                throw new DataException("column '" + name(row, place) + "' holds " + bytes.length
                        + " bytes, but the run's images are " + image.size() + " pixels, " + image);
            }
            return bytes;
        }
        List<?> elements = elements(row, place, image.size());
        byte[] pixels = new byte[elements.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixel(elements.get(i), name(row, place), i);
        }
        return pixels;
    }

    private static byte pixel(Object element, String column, int at) {
        boolean intensity = element instanceof Double || element instanceof Float;
        double value = element instanceof Number number ? number.doubleValue() : Double.NaN;
        double most = intensity ? 1 : LEVELS - 1;
        if (!(value >= 0 && value <= most)) {
            throw new DataException("column '" + column + "' has " + element + " at place " + at + "; "
                    + (intensity ? "intensities are 0 to 1" : "pixels are whole numbers 0 to 255"));
        }
        return (byte) (intensity ? Math.min(LEVELS - 1, Math.floor(value * LEVELS)) : value);
    }

    private int label(Row row, int place) {
        if (row.isNullAt(place)) {
            throw new DataException(
                    "column '" + name(row, place) + "' is null, and the model is told each row's class");
        }
        List<String> texts = TypedCell.texts(row.get(place));
        String text = texts.get(0);
        List<String> classes = model.classes();
        int number = classes.isEmpty() && text.matches("[0-9]{1,7}")
                ? Integer.parseInt(text)
                : texts.stream().mapToInt(classes::indexOf).max().orElseThrow();
        if (number < 0 || number >= model.conditionClasses()) {
            throw new DataException("column '" + name(row, place) + "' is '" + Printable.line(Printable.shorten(text))
                    + "', but the run's model is told one of "
                    + (classes.isEmpty() ? "0 to " + (model.conditionClasses() - 1) : some(classes)));
        }
        return number;
    }

    /** Equal examples have equal numbers, wherever they are. */
    private static long number(Example example) {
        long key = CounterRandom.key(0, "spark/row");
        if (example instanceof Numbers row) {
            for (double value : row.values()) {
                key = CounterRandom.key(key, Double.doubleToLongBits(value));
            }
            return key;
        }
        long word = 0;
        byte[] pixels = ((Pixels) example).values();
        for (int i = 0; i < pixels.length; i++) {
            word = (word << Byte.SIZE) | (pixels[i] & 0xffL);
            if (i % Long.BYTES == Long.BYTES - 1 || i == pixels.length - 1) {
                key = CounterRandom.key(key, word);
                word = 0;
            }
        }
        return key;
    }

    /** Some of them as a set. */
    Examples set(List<Read> rows) {
        int[] labels = rows.stream().mapToInt(Read::label).toArray();
        int size = shape.size();
        Examples set;
        if (shape instanceof ImageShape image) {
            byte[] pixels = new byte[rows.size() * size];
            for (int i = 0; i < labels.length; i++) {
                System.arraycopy(((Pixels) rows.get(i).example()).values(), 0, pixels, i * size, size);
            }
            set = ImageSet.owning(image, pixels, labels);
        } else {
            double[] values = new double[rows.size() * size];
            for (int i = 0; i < labels.length; i++) {
                System.arraycopy(((Numbers) rows.get(i).example()).values(), 0, values, i * size, size);
            }
            set = Table.owningHoles((VectorShape) shape, values, labels);
        }
        return label.isPresent() ? set : set.withoutLabels();
    }
}
