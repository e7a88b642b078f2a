package org.likelihood4j.data.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;

class ImageGridTest {
    private static final ImageShape GREY = new ImageShape(1, 2, 3);
    private static final byte[] FIRST = {0, 10, 20, 30, 40, (byte) 250};
    private static final byte[] SECOND = {1, 2, 3, 4, 5, 6};

    @TempDir
    Path folder;

    @Test
    void aPngHasThePixelsAgain() throws IOException {
        Path png = folder.resolve("new/grid.png");
        ImageGrid.write(png, GREY, List.of(FIRST, SECOND, FIRST), 2, 3);
        BufferedImage sheet = ImageIO.read(png.toFile());
        assertThat(sheet.getWidth()).isEqualTo(2 + 2 * (9 + 2));
        assertThat(sheet.getHeight()).isEqualTo(2 + 2 * (6 + 2));
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 9; x++) {
                int at = y / 3 * 3 + x / 3;
                assertThat(sheet.getRGB(2 + x, 2 + y)).isEqualTo(grey(FIRST[at]));
                assertThat(sheet.getRGB(13 + x, 2 + y)).isEqualTo(grey(SECOND[at]));
                assertThat(sheet.getRGB(2 + x, 10 + y)).isEqualTo(grey(FIRST[at]));
            }
        }
        assertThat(sheet.getRGB(13, 10)).isEqualTo(sheet.getRGB(0, 0)); // no fourth image: background
        assertThat(names(folder.resolve("new"))).containsExactly("grid.png");
    }

    @Test
    void oneImageAloneIsItsPixelsAndNothingElse() throws IOException {
        Path png = folder.resolve("new/one.png");
        ImageGrid.writeOne(png, GREY, FIRST);
        BufferedImage alone = ImageIO.read(png.toFile());
        assertThat(alone.getWidth()).isEqualTo(3);
        assertThat(alone.getHeight()).isEqualTo(2);
        for (int at = 0; at < 6; at++) {
            assertThat(alone.getRGB(at % 3, at / 3)).isEqualTo(grey(FIRST[at]));
        }
        assertThatThrownBy(() -> ImageGrid.writeOne(png, GREY, new byte[5])).isInstanceOf(DataException.class);
    }

    @Test
    void colourImagesAreChannelMajor() {
        byte[] image = {1, 2, 11, 12, 21, 22};
        BufferedImage sheet = ImageGrid.render(new ImageShape(3, 1, 2), List.of(image), 8, 1);
        assertThat(sheet.getWidth()).isEqualTo(4);
        assertThat(sheet.getRGB(1, 1)).isEqualTo(0xff_01_0b_15);
        assertThat(sheet.getRGB(2, 1)).isEqualTo(0xff_02_0c_16);
    }

    @Test
    void anOlderFileIsReplacedAndAFailureLeavesNothing() throws IOException {
        Path png = Files.writeString(folder.resolve("grid.png"), "old");
        ImageGrid.write(png, GREY, List.of(FIRST), 1, 1);
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(5);
        Path below = png.resolve("x.png"); // a file is no folder
        assertThatThrownBy(() -> ImageGrid.write(below, GREY, List.of(FIRST), 1, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("x.png");
        assertThat(names(folder)).containsExactly("grid.png");
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThatThrownBy(() -> ImageGrid.render(GREY, List.of(), 1, 1)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> ImageGrid.render(GREY, List.of(FIRST), 0, 1)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> ImageGrid.render(GREY, List.of(new byte[5]), 1, 1))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> ImageGrid.render(new ImageShape(2, 1, 3), List.of(FIRST), 1, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 or 3 channels");
    }

    private static int grey(byte value) {
        return 0xff000000 | (value & 0xff) * 0x010101;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }
}
