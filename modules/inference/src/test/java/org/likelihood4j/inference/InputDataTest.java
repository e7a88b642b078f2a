package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
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
        VectorShape shape = VectorShape.ofNumbers(List.of("height", "weight"));
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

    /** What is read numbers the classes that it has; a model that is told classes knows them by the numbers of its run. */
    @Test
    void classesHaveTheNumbersOfTheRun() throws IOException {
        Path table = Files.writeString(folder.resolve("new.csv"), "a,kind\n1,oak\n2,elm\n3,oak\n4,3\n");
        VectorShape shape = VectorShape.ofNumbers(List.of("a"));
        InputData read = read("data: {type: csv, path: gone.csv, label: kind, columns: [a]}", shape, table);
        assertThat(labels(read)).containsExactly(2, 1, 2, 0);
        assertThat(labels(read.withClasses(table, List.of("3", "ash", "elm", "fir", "oak"), 5)))
                .containsExactly(4, 2, 4, 0);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read.withClasses(table, List.of("elm", "oak,", "oak"), 3))
                .withMessage(
                        table + ": row 3 is of the class '3', but the run's model is told one of elm, 'oak,', oak");
        // Classes without names are numbers.
        InputData last = new InputData(read.examples().slice(3, 4), List.of(3), List.of("3"), List.of(), "one");
        assertThat(labels(last.withClasses(table, List.of(), 4))).containsExactly(3);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> last.withClasses(table, List.of(), 3))
                .withMessageEndingWith("row 3 is of the class '3', but the run's model is told one of 0 to 2");
    }

    private static List<Integer> labels(InputData data) {
        return IntStream.range(0, data.examples().size())
                .mapToObj(data.examples()::label)
                .toList();
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
