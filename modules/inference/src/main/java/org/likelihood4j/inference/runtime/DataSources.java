package org.likelihood4j.inference.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.ArrayFiles;
import org.likelihood4j.config.data.Cifar10Config;
import org.likelihood4j.config.data.CsvConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.data.DigitsConfig;
import org.likelihood4j.config.data.ExternalConfig;
import org.likelihood4j.config.data.FashionMnistConfig;
import org.likelihood4j.config.data.IdxConfig;
import org.likelihood4j.config.data.ImagesConfig;
import org.likelihood4j.config.data.MnistConfig;
import org.likelihood4j.config.data.OwnFiles;
import org.likelihood4j.config.data.ParquetConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.data.ToyConfig;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.csv.CsvDialect;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.data.sources.ArraySource;
import org.likelihood4j.data.sources.CifarSource;
import org.likelihood4j.data.sources.CsvSource;
import org.likelihood4j.data.sources.ImagesSource;
import org.likelihood4j.data.sources.MnistSource;
import org.likelihood4j.data.sources.ParquetImages;
import org.likelihood4j.data.sources.ParquetSource;
import org.likelihood4j.data.synthetic.DigitsSource;
import org.likelihood4j.data.synthetic.ToySource;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.inference.kinds.Vocabulary;

/** From the configuration's data section to the source of examples. */
public final class DataSources {
    private DataSources() {}

    /**
     * The source; nothing is read yet.
     *
     * @param datasets the project's {@code datasets} folder
     */
    public static ExampleSource source(DataConfig data, Path datasets) {
        Map<String, String> environment = System.getenv();
        if (data instanceof MnistConfig mnist) {
            Path home = Path.of(System.getProperty("user.home", "."));
            return MnistSource.mnist(MnistSource.mnistFolders(datasets, environment, home), mnist.validation());
        } else if (data instanceof FashionMnistConfig fashion) {
            return MnistSource.fashion(MnistSource.fashionFolders(datasets, environment), fashion.validation());
        } else if (data instanceof Cifar10Config cifar) {
            return new CifarSource(CifarSource.folders(datasets, environment), cifar.validation());
        } else if (data instanceof DigitsConfig digits) {
            return new DigitsSource(digits.train(), digits.validation(), digits.test(), digits.seed());
        } else if (data instanceof ExternalConfig external) {
            return new ExternalSource(external);
        } else if (data instanceof ToyConfig toy) {
            ToyDensity density = Vocabulary.of(toy.density());
            return new ToySource(density, toy.train(), toy.validation(), toy.test(), toy.seed());
        } else if (data instanceof OwnFiles own) {
            return own(own);
        }
        throw new IllegalStateException(
                "no source of data for " + data.getClass().getSimpleName());
    }

    private static ExampleSource own(OwnFiles data) {
        SplitShares shares = new SplitShares(data.validation(), data.test(), data.seed());
        if (data instanceof ImagesConfig images) {
            int channels = images.colors() == ImagesConfig.Colors.GREY ? 1 : 3;
            return new ImagesSource(
                    Path.of(images.path()),
                    new ImageShape(channels, images.height(), images.width()),
                    images.skipUnreadable(),
                    shares);
        }
        if (data instanceof CsvConfig csv) {
            return new CsvSource(
                    Path.of(csv.path()),
                    Optional.ofNullable(csv.testPath()).map(Path::of),
                    layout(csv, choice(csv)),
                    shares);
        }
        if (data instanceof ParquetConfig parquet) {
            Optional<Path> test = Optional.ofNullable(parquet.testPath()).map(Path::of);
            return parquet.shape() == null
                    ? new ParquetSource(
                            Path.of(parquet.path()), test, choice(parquet), Vocabulary.of(parquet.missing()), shares)
                    : images(parquet, test, shares);
        }
        ArrayFiles arrays = (ArrayFiles) data;
        return new ArraySource(
                arrays instanceof IdxConfig ? ArrayFormat.IDX : ArrayFormat.NPY,
                files(arrays.path(), arrays.labels()),
                Optional.ofNullable(arrays.testPath()).map(path -> files(path, arrays.testLabels())),
                shape(arrays.shape()),
                shares);
    }

    private static ParquetImages images(ParquetConfig parquet, Optional<Path> test, SplitShares shares) {
        return new ParquetImages(
                Path.of(parquet.path()),
                test,
                (ImageShape) shape(parquet.shape()).orElseThrow(),
                Optional.ofNullable(parquet.columns()).map(names -> names.get(0)),
                Optional.ofNullable(parquet.label()),
                shares);
    }

    /** How a table is read, with a choice of columns that may be another one. */
    public static CsvSource.Layout layout(CsvConfig csv, ColumnChoice choice) {
        return new CsvSource.Layout(
                csv.separator(),
                Optional.ofNullable(csv.decimal()).map(sign -> sign.charAt(0)),
                Optional.ofNullable(csv.header()),
                choice,
                Vocabulary.of(csv.missing()));
    }

    /** Which columns of a table are trained on. */
    public static ColumnChoice choice(TableFiles table) {
        return new ColumnChoice(
                Optional.ofNullable(table.columns()),
                Optional.ofNullable(table.label()),
                ColumnKinds.of(table.kinds()),
                table.ids());
    }

    private static ArraySource.Labelled files(String path, String labels) {
        return new ArraySource.Labelled(
                Path.of(path), Optional.ofNullable(labels).map(Path::of));
    }

    private static Optional<ExampleShape> shape(List<Integer> extents) {
        if (extents == null) {
            return Optional.empty();
        }
        return Optional.of(
                extents.size() == 1
                        ? VectorShape.numbered(extents.get(0))
                        : new ImageShape(extents.get(0), extents.get(1), extents.get(2)));
    }

    /** The shape of a data section's examples, known without reading them, or by reading the beginning of a file. */
    public static ExampleShape shape(DataConfig data) {
        // Only the built-in sources look for their files elsewhere, and they know their shape.
        return source(data, Path.of("datasets")).shape();
    }

    /**
     * How many training examples there are, where that is known without reading them.
     *
     * @throws org.likelihood4j.data.DataException if a folder of pictures is not there
     */
    public static OptionalInt trainExamples(DataConfig data) {
        return source(data, Path.of("datasets")) instanceof ImagesSource images
                ? OptionalInt.of(images.trainPictures())
                : data.trainExamples();
    }

    /**
     * How many classes the labels have, where that is known without reading the examples; 0 where there are no labels.
     *
     * @throws org.likelihood4j.data.DataException if a folder of pictures is not there, or none to train on
     */
    public static OptionalInt classes(DataConfig data) {
        if (source(data, Path.of("datasets")) instanceof ImagesSource images) {
            return OptionalInt.of(images.classes().size());
        }
        return data instanceof ArrayFiles arrays && arrays.labels() == null ? OptionalInt.of(0) : data.classes();
    }

    /**
     * The configuration with the batch size that fits, if it sets none.
     *
     * @param tell hears a line if that is less than usual
     */
    public static RunConfig fitted(RunConfig config, Examples train, Consumer<String> tell) {
        RunConfig fitted = config.fitted(train.size());
        if (fitted.training().batch() != config.training().batch()) {
            tell.accept("training.batchSize is " + fitted.training().batch() + ", all the training "
                    + train.shape().noun() + " there are: it was not set, and they are fewer than "
                    + config.training().batch());
        }
        return fitted;
    }

    /**
     * The configuration with what was found in the data, so that a run can be opened without them.
     *
     * @param shape of the examples that were read
     */
    public static RunConfig resolved(RunConfig config, ExampleShape shape) {
        if (config.data() instanceof ArrayFiles arrays) {
            return config.withData(arrays.withShape(extents(shape)));
        }
        if (config.data() instanceof CsvConfig csv) {
            CsvDialect found = ((CsvSource) own(csv)).dialect();
            VectorShape rows = (VectorShape) shape;
            return config.withData(csv.with(
                    found.delimiter(),
                    found.decimal(),
                    found.header(),
                    rows.names(),
                    ColumnKinds.described(rows, csv.ids())));
        }
        if (config.data() instanceof ParquetConfig parquet && shape instanceof VectorShape rows) {
            return config.withData(parquet.with(rows.names(), ColumnKinds.described(rows, parquet.ids())));
        }
        return config;
    }

    private static List<Integer> extents(ExampleShape shape) {
        return shape instanceof ImageShape image
                ? List.of(image.channels(), image.height(), image.width())
                : List.of(shape.size());
    }
}
