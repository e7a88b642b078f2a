package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;

/** The model's shape says what is read, whatever its configuration was changed to. */
class InputDataTest {
    private static final String FLOW =
            "\nmodel: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}}\n";

    @TempDir
    private Path folder;

    private InputData read(String data, ExampleShape shape, Path input) throws IOException {
        RunConfig config = ConfigLoader.load(Files.writeString(folder.resolve("config.yaml"), data + FLOW), List.of());
        return InputData.read(config.data(), shape, input, ProgressListener.none());
    }

    @Test
    void columnsAreTheModels() throws IOException {
        Path table = Files.writeString(folder.resolve("new.csv"), "weight,kind,height\n70,a,1.7\n60,b,1.6\n");
        VectorShape shape = new VectorShape(List.of("height", "weight"));
        InputData read =
                read("data: {type: csv, path: gone.csv, label: kind, columns: [weight, height]}", shape, table);
        assertThat(read.examples().shape()).isEqualTo(shape);
        assertThat(read.examples().values(1)).containsExactly(1.6, 60);
        assertThat(read.labels()).containsExactly("a", "b");
        assertThat(read.description()).isEqualTo("2 rows of " + table + "; columns by their names");
    }

    @Test
    void columnsWithoutNamesAreSaidToBeFoundByTheirPlaces() throws IOException {
        Path table = Files.writeString(folder.resolve("new.csv"), "70,1.7\n60,1.6\n");
        InputData read = read("data: {type: csv, path: gone.csv, header: false}", VectorShape.numbered(2), table);
        assertThat(read.examples().values(1)).containsExactly(60, 1.6);
        assertThat(read.description()).isEqualTo("2 rows of " + table + "; columns by their places");
    }

    @Test
    void picturesAreScaledToTheModels() throws IOException {
        Path picture = folder.resolve("new.png");
        ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        ImageShape shape = new ImageShape(1, 4, 6);
        InputData read = read("data: {type: images, path: gone, height: 8, width: 8}", shape, picture);
        assertThat(read.examples().shape()).isEqualTo(shape);
    }
}
