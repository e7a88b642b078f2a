package org.likelihood4j.data.drawing;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;

/** Writes pictures. */
final class PngFile {
    private PngFile() {}

    /**
     * Writes a PNG, which appears complete or not at all.
     *
     * @throws DataException if it cannot be written
     */
    static void write(Path png, BufferedImage picture) {
        try {
            AtomicFiles.createFolders(png.toAbsolutePath().getParent());
            AtomicFiles.write(png, file -> {
                try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
                    if (!ImageIO.write(picture, "png", out)) {
                        throw new IOException("this Java cannot write PNG");
                    }
                }
            });
        } catch (IOException e) {
            throw new DataException(
                    png + ": cannot write the image (" + IoReasons.of(e) + "); check the folder and free space", e);
        }
    }
}
