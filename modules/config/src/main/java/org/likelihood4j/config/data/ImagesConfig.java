package org.likelihood4j.config.data;

import java.util.Locale;
import org.likelihood4j.config.rules.Check;

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
public record ImagesConfig(
        String path,
        Integer height,
        Integer width,
        Colors colors,
        Boolean skipUnreadable,
        Double validation,
        Double test,
        Long seed)
        implements OwnFiles {
    private static final int LARGEST = 4096;

    /** Fills in the defaults and checks them. */
    public ImagesConfig {
        path = Check.path("path", path);
        height = Check.within(1, LARGEST, "height", height, 32);
        width = Check.within(1, LARGEST, "width", width, height);
        colors = Check.or(colors, Colors.RGB);
        skipUnreadable = Check.or(skipUnreadable, false);
        validation = Check.decay("validation", validation, Check.SHARE);
        test = Check.share("test", test, validation);
        seed = Check.or(seed, 1L);
    }

    /** Which channels images have. */
    public enum Colors {
        /** One channel. */
        GREY,
        /** Red, green and blue. */
        RGB;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
