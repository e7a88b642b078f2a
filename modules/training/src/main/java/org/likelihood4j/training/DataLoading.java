package org.likelihood4j.training;

import java.nio.file.Path;
import java.util.Map;
import org.likelihood4j.data.DigitsSource;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.MnistSource;
import org.likelihood4j.training.config.DataConfig;

/** From the configuration's data section to the source of images. */
public final class DataLoading {
    private DataLoading() {}

    /**
     * The source; nothing is read yet.
     *
     * @param datasets the project's {@code datasets} folder
     */
    public static ExampleSource source(DataConfig data, Path datasets) {
        Map<String, String> environment = System.getenv();
        if (data instanceof DataConfig.Mnist mnist) {
            Path home = Path.of(System.getProperty("user.home", "."));
            return MnistSource.mnist(MnistSource.mnistFolders(datasets, environment, home), mnist.validation());
        } else if (data instanceof DataConfig.FashionMnist fashion) {
            return MnistSource.fashion(MnistSource.fashionFolders(datasets, environment), fashion.validation());
        }
        DataConfig.Digits digits = (DataConfig.Digits) data;
        return new DigitsSource(digits.train(), digits.validation(), digits.test(), digits.seed());
    }

    /** The shape of a data section's images, known without reading them. */
    public static ImageShape shape(DataConfig data) {
        return new ImageShape(1, 28, 28);
    }
}
