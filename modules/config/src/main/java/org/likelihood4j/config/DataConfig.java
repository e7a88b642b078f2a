package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.Range;
import org.likelihood4j.config.rules.RuleRecorder;
import org.likelihood4j.config.rules.Wording;

/** The data set of a run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = DataConfig.Digits.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = DataConfig.Mnist.class, name = "mnist"),
    @JsonSubTypes.Type(value = DataConfig.FashionMnist.class, name = "fashion-mnist"),
    @JsonSubTypes.Type(value = DataConfig.Digits.class, name = "digits"),
    @JsonSubTypes.Type(value = DataConfig.Images.class, name = "images"),
    @JsonSubTypes.Type(value = DataConfig.Idx.class, name = "idx"),
    @JsonSubTypes.Type(value = DataConfig.Npy.class, name = "npy"),
    @JsonSubTypes.Type(value = DataConfig.Csv.class, name = "csv"),
    @JsonSubTypes.Type(value = DataConfig.Toy.class, name = "toy"),
    @JsonSubTypes.Type(value = DataConfig.External.class, name = "external")
})
public sealed interface DataConfig {
    /** Whether examples are held out for validation. */
    boolean validates();

    /** The number of examples that are left to train on, where that is known before they are read. */
    OptionalInt trainExamples();

    /**
     * The MNIST files.
     *
     * @param validation how many of the 60,000 training images are held out, the last of the file; below 60000, default 1000
     */
    record Mnist(Integer validation) implements DataConfig {
        /** The number of images in the training file. */
        public static final int TRAIN_FILE_IMAGES = 60_000;

        /** Fills in the default and checks it. */
        public Mnist {
            validation = heldOut(validation);
        }

        @Override
        public boolean validates() {
            return validation > 0;
        }

        @Override
        public OptionalInt trainExamples() {
            return OptionalInt.of(TRAIN_FILE_IMAGES - validation);
        }

        private static int heldOut(Integer validation) {
            int images = Check.atLeast(0, "validation", validation, 1000);
            Check.require(images < TRAIN_FILE_IMAGES, "validation", "must be below " + TRAIN_FILE_IMAGES, images);
            return images;
        }
    }

    /**
     * The files of Fashion-MNIST, which are in MNIST's format.
     *
     * @param validation how many of the 60,000 training images are held out, the last of the file; below 60000, default 1000
     */
    record FashionMnist(Integer validation) implements DataConfig {
        /** Fills in the default and checks it. */
        public FashionMnist {
            validation = Mnist.heldOut(validation);
        }

        @Override
        public boolean validates() {
            return validation > 0;
        }

        @Override
        public OptionalInt trainExamples() {
            return OptionalInt.of(Mnist.TRAIN_FILE_IMAGES - validation);
        }
    }

    /**
     * Digits drawn by the built-in generator, which needs no download.
     *
     * @param train the number of training images; at least 1, default 60000
     * @param validation the number of validation images, beside the training images; at least 0, default 1000
     * @param test the number of test images; at least 1, default 10000
     * @param seed the generator's seed; default 1
     */
    record Digits(Integer train, Integer validation, Integer test, Long seed) implements DataConfig {
        /** Fills in the defaults and checks them. */
        public Digits {
            train = Check.atLeast(1, "train", train, 60_000);
            validation = Check.atLeast(0, "validation", validation, 1000);
            test = Check.atLeast(1, "test", test, 10_000);
            seed = Check.or(seed, 1L);
        }

        @Override
        public boolean validates() {
            return validation > 0;
        }

        @Override
        public OptionalInt trainExamples() {
            return OptionalInt.of(train);
        }
    }

    /** Files of the user's own, which are divided at random unless there is a test set. */
    sealed interface Own extends DataConfig permits Images, Idx, Npy, Csv {
        /** The share of the examples that is held out for validation. */
        Double validation();

        /** The share of the examples that is kept for the test. */
        Double test();

        /** Of the division. */
        Long seed();

        /** What may be found in the columns of rows without refusing them. */
        default List<Flaw> allow() {
            return List.of();
        }

        @Override
        default boolean validates() {
            return validation() > 0;
        }

        @Override
        default OptionalInt trainExamples() {
            return OptionalInt.empty();
        }
    }

    /**
     * A folder of pictures, all of which are scaled to one size; folders in it are classes, or {@code train} and {@code test}.
     *
     * @param path the folder; required
     * @param height of all images once cut to the middle and scaled, in pixels; 1 to 4096, default 32
     * @param width the same, of columns; default the height
     * @param colors what all images are turned into; default rgb
     * @param skipUnreadable whether pictures that cannot be read are left out and listed; default false, they are an error
     * @param validation the share of the images that is held out; default 0.1
     * @param test the share that is kept for the test, unless there are folders {@code train} and {@code test}; default 0.1
     * @param seed of the random division; default 1
     */
    record Images(
            String path,
            Integer height,
            Integer width,
            Colors colors,
            Boolean skipUnreadable,
            Double validation,
            Double test,
            Long seed)
            implements Own {
        private static final int LARGEST = 4096;

        /** Fills in the defaults and checks them. */
        public Images {
            path = Check.path("path", path);
            height = Check.within(1, LARGEST, "height", height, 32);
            width = Check.within(1, LARGEST, "width", width, height);
            colors = Check.or(colors, Colors.RGB);
            skipUnreadable = Check.or(skipUnreadable, false);
            validation = Check.decay("validation", validation, Check.SHARE);
            test = Check.share("test", test, validation);
            seed = Check.or(seed, 1L);
        }
    }

    /** Which channels images have. */
    enum Colors {
        /** One channel. */
        GREY,
        /** Red, green and blue. */
        RGB;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An IDX file, gzipped or not: in 3 or 4 dimensions images of 8-bit pixels, in 2 dimensions rows of any numbers.
     *
     * @param path the file; required
     * @param labels the file of its labels; may be {@code null}
     * @param testPath the file of the test set; may be {@code null}
     * @param testLabels the file of that one's labels; may be {@code null}
     * @param validation the share of the examples that is held out; default 0.1
     * @param test the share that is kept for the test, unless there is a testPath; default 0.1
     * @param seed of the random division; default 1
     * @param shape of an example: channels, height and width, or columns; {@code null} until the file has been read, then
     *     written into the run's config
     * @param allow what the check of a table's columns may find without refusing the table, see docs/your-data.md; default none
     */
    record Idx(
            String path,
            String labels,
            String testPath,
            String testLabels,
            Double validation,
            Double test,
            Long seed,
            List<Integer> shape,
            List<Flaw> allow)
            implements Own {
        /** Fills in the defaults and checks them. */
        public Idx {
            path = Check.path("path", path);
            checkFiles(labels, testPath, testLabels);
            validation = Check.decay("validation", validation, Check.SHARE);
            test = Check.share("test", test, validation);
            seed = Check.or(seed, 1L);
            shape = checkShape(shape);
            allow = Flaw.checked(allow);
        }
    }

    /**
     * A NumPy {@code .npy} file, gzipped or not: in 3 or 4 dimensions images of 8-bit pixels, in 2 dimensions rows of any numbers.
     *
     * @param path the file; required
     * @param labels the file of its labels; may be {@code null}
     * @param testPath the file of the test set; may be {@code null}
     * @param testLabels the file of that one's labels; may be {@code null}
     * @param validation the share of the examples that is held out; default 0.1
     * @param test the share that is kept for the test, unless there is a testPath; default 0.1
     * @param seed of the random division; default 1
     * @param shape of an example: channels, height and width, or columns; {@code null} until the file has been read, then
     *     written into the run's config
     * @param allow what the check of a table's columns may find without refusing the table, see docs/your-data.md; default none
     */
    record Npy(
            String path,
            String labels,
            String testPath,
            String testLabels,
            Double validation,
            Double test,
            Long seed,
            List<Integer> shape,
            List<Flaw> allow)
            implements Own {
        /** Fills in the defaults and checks them. */
        public Npy {
            path = Check.path("path", path);
            checkFiles(labels, testPath, testLabels);
            validation = Check.decay("validation", validation, Check.SHARE);
            test = Check.share("test", test, validation);
            seed = Check.or(seed, 1L);
            shape = checkShape(shape);
            allow = Flaw.checked(allow);
        }
    }

    /**
     * Rows of numbers in text files, gzipped or not.
     *
     * @param path the file; required
     * @param testPath the file of the test set; may be {@code null}
     * @param delimiter between cells: one character, {@code tab}, or {@code blanks} for any run of blanks and tabs; {@code null} for
     *     what the file has
     * @param decimal the sign before decimals, a point or a comma; {@code null} for what the file has, which is then
     *     written into the run's config
     * @param header whether the first row names the columns, else they are x1, x2, ...; {@code null} for what the file has
     * @param label the column that holds labels, of any text; may be {@code null}
     * @param columns the columns of numbers, in that order; or {@code -name} of each column to leave out; {@code null} for all but
     *     the label, until the file has been read
     * @param missing what is done about rows with missing cells; default refuse
     * @param allow what the check of the columns may find without refusing the table, see docs/your-data.md; default none
     * @param validation the share of the rows that is held out; default 0.1
     * @param test the share that is kept for the test, unless there is a testPath; default 0.1
     * @param seed of the random division; default 1
     */
    record Csv(
            String path,
            String testPath,
            String delimiter,
            String decimal,
            Boolean header,
            String label,
            List<String> columns,
            Missing missing,
            List<Flaw> allow,
            Double validation,
            Double test,
            Long seed)
            implements Own {
        private static final String TAB = "tab";
        private static final String BLANKS = "blanks";
        private static final Pattern DELIMITER =
                Pattern.compile("[^\"\\r\\n.+A-Za-z0-9-]|\\\\t|tab|blanks?|spaces?|comma|semicolon");
        private static final Pattern DECIMAL = Pattern.compile("[.,]");

        /** Fills in the defaults and checks them. */
        public Csv {
            path = Check.path("path", path);
            Check.optionalPath("testPath", testPath);
            delimiter = named(Check.text(
                    DELIMITER,
                    "must be one character between cells, such as ';', or tab or blanks, was "
                            + Wording.quote(String.valueOf(delimiter)),
                    "delimiter",
                    delimiter,
                    null));
            decimal = Check.text(
                    DECIMAL,
                    "must be a point or a comma, was " + Wording.quote(String.valueOf(decimal)),
                    "decimal",
                    decimal,
                    null);
            Check.require(
                    decimal == null || !decimal.equals(delimiter), "decimal", "must not be the delimiter too", decimal);
            missing = Check.or(missing, Missing.REFUSE);
            allow = Flaw.checked(allow);
            if (columns != null) {
                Check.require(!columns.isEmpty(), "columns", "must not be empty", columns);
                String among = label;
                Check.require(
                        columns.stream().distinct().count() == columns.size()
                                && columns.stream().noneMatch(name -> name.equals(among)),
                        "columns",
                        "must all be different, and not the label",
                        Wording.quote(String.join(", ", columns)));
                columns = List.copyOf(columns);
            }
            validation = Check.decay("validation", validation, Check.SHARE);
            test = Check.share("test", test, validation);
            seed = Check.or(seed, 1L);
        }

        /** What is written in several ways is kept in one. */
        private static String named(String delimiter) {
            return delimiter == null
                    ? null
                    : switch (delimiter) {
                        case "\t", "\\t" -> TAB;
                        case " ", "blank", "space", "spaces" -> BLANKS;
                        case "comma" -> ",";
                        case "semicolon" -> ";";
                        default -> delimiter;
                    };
        }

        /** The character; a blank for any run of blanks and tabs. */
        public Optional<Character> separator() {
            return Optional.ofNullable(delimiter).map(name -> switch (name) {
                case TAB -> '\t';
                case BLANKS -> ' ';
                default -> name.charAt(0);
            });
        }

        /** The same with what was found in the file. */
        public Csv with(char foundDelimiter, char foundDecimal, boolean foundHeader, List<String> found) {
            return new Csv(
                    path,
                    testPath,
                    String.valueOf(foundDelimiter),
                    String.valueOf(foundDecimal),
                    foundHeader,
                    label,
                    found,
                    missing,
                    allow,
                    validation,
                    test,
                    seed);
        }
    }

    /** What is done about cells without a value: empty, NA, NaN, null, None, ? or -. */
    enum Missing {
        /** The rows are left out, and counted. */
        DROP,
        /** The table is refused, with counts. */
        REFUSE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What can make the density of a table meaningless. */
    enum Flaw {
        /** Columns that others determine, such as a copy or a sum. */
        DEPENDENCE,
        /** Values so far off that all others fall together. */
        OUTLIERS,
        /** Columns of few different values. */
        TIES;

        static List<Flaw> checked(List<Flaw> allow) {
            RuleRecorder.tell("allow", values().length);
            List<Flaw> all = Check.or(allow, List.of());
            Check.require(all.stream().distinct().count() == all.size(), "allow", "must all be different", all);
            return List.copyOf(all);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Points in the plane, drawn by the built-in generator from a density that is known.
     *
     * @param density which one; default ring
     * @param train the number of training points; at least 1, default 20000
     * @param validation the number of validation points; at least 0, default 2000
     * @param test the number of test points; at least 1, default 10000
     * @param seed the generator's seed; default 1
     */
    record Toy(Density density, Integer train, Integer validation, Integer test, Long seed) implements DataConfig {
        private static final int MOST = 10_000_000;

        /** Fills in the defaults and checks them. */
        public Toy {
            density = Check.or(density, Density.RING);
            train = Check.within(1, MOST, "train", train, 20_000);
            validation = Check.within(0, MOST, "validation", validation, 2000);
            test = Check.within(1, MOST, "test", test, 10_000);
            seed = Check.or(seed, 1L);
        }

        @Override
        public boolean validates() {
            return validation > 0;
        }

        @Override
        public OptionalInt trainExamples() {
            return OptionalInt.of(train);
        }
    }

    /** The built-in densities. */
    enum Density {
        /** A bent Gaussian. */
        BANANA,
        /** Eight Gaussians about a circle. */
        RING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Data that a Java program handed over: what is known of them, so that their run can be opened.
     *
     * @param description where they came from, for people; required
     * @param image channels, height and width, for images; {@code null} for rows
     * @param columns the columns' names, for rows; {@code null} for images
     * @param train how many examples were trained on; at least 1
     * @param validation how many were held out; at least 0, default 0
     * @param test how many were kept for the test; at least 0, default 0
     */
    record External(
            String description,
            List<Integer> image,
            List<String> columns,
            Integer train,
            Integer validation,
            Integer test)
            implements DataConfig {
        /** Fills in the defaults and checks them. */
        public External {
            Check.require(
                    description != null && !description.isBlank(),
                    "description",
                    "must say where the data came from",
                    description);
            Check.require(
                    (image == null) != (columns == null),
                    "image",
                    "must be [channels, height, width], or columns a list of names, and not both",
                    image);
            image = checkImage(image);
            columns = columns == null ? null : List.copyOf(columns);
            Check.require(columns == null || !columns.isEmpty(), "columns", "must not be empty", columns);
            Check.require(train != null, "train", "must be given", train);
            train = Check.atLeast(1, "train", train, 1);
            validation = Check.atLeast(0, "validation", validation, 0);
            test = Check.atLeast(0, "test", test, 0);
        }

        private static List<Integer> checkImage(List<Integer> image) {
            Check.require(image == null || image.size() == 3, "image", "must be [channels, height, width]", image);
            return image == null ? null : checkShape(image);
        }

        @Override
        public boolean validates() {
            return validation > 0;
        }

        @Override
        public OptionalInt trainExamples() {
            return OptionalInt.of(train);
        }
    }

    private static void checkFiles(String labels, String testPath, String testLabels) {
        Check.optionalPath("labels", labels);
        Check.optionalPath("testPath", testPath);
        Check.optionalPath("testLabels", testLabels);
        Check.require(testLabels == null || testPath != null, "testLabels", "needs a testPath", testLabels);
        Check.require(
                testPath == null || (labels == null) == (testLabels == null),
                "testLabels",
                "must be given where labels are, and only there",
                testLabels);
    }

    private static List<Integer> checkShape(List<Integer> shape) {
        RuleRecorder.tell("shape", 3);
        RuleRecorder.tell("shape[]", Range.atLeast(1).atMost(Integer.MAX_VALUE));
        if (shape == null) {
            return null;
        }
        boolean positive = shape.stream().allMatch(extent -> extent != null && extent > 0);
        Check.require(
                positive && (shape.size() == 1 || shape.size() == 3),
                "shape",
                "must be channels, height and width, or the number of columns, each at least 1",
                shape);
        return List.copyOf(shape);
    }
}
