package org.likelihood4j.inference.pictures;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.Interpolation;
import org.likelihood4j.inference.latents.LatentDirections;
import org.likelihood4j.inference.latents.LatentPath;
import org.likelihood4j.inference.latents.ScaleRedraws;
import org.likelihood4j.inference.latents.Traversal;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;

/**
 * The pictures that a run keeps of its epochs: prior samples, originals beside their reconstructions, lines between images,
 * traversals of the latent space and what its scales hold. The same noise and images after every epoch, so that they show one thing change.
 */
public final class EpochPictures {
    private static final int SAMPLES = 64;
    private static final int SAMPLES_OF_A_CLASS = 8;
    private static final int MOST_CLASSES = 10;
    private static final int RECONSTRUCTIONS = 32;
    private static final int SCALE_ROWS = 8;
    /** Of each scale. */
    private static final int DRAWS = 3;

    private static final int PAIRS = 8;
    private static final int STEPS = 10;
    private static final int DIRECTIONS = 8;
    /** So few that a principal-component analysis of their latents costs an epoch nothing. */
    private static final int DIRECTIONS_IMAGES = 256;

    /** Pixels of a picture's images, and numbers of latents, together: of large images there are fewer. */
    private static final int MOST_VALUES = 1 << 24;

    private static final double RANGE = 3;
    private static final int TRAVERSAL_STEPS = 9;
    private static final long SEED = 1;
    private static final String NOISE = "pictures";

    private EpochPictures() {}

    /**
     * Writes them all.
     *
     * @param images or rows, of which the first ones are taken; may be few, or none
     * @throws DivergenceException if a sample or a reconstruction is not finite
     * @throws RunException if a picture cannot be written, or if one between or beyond latents is not finite: that says
     *     nothing against the training
     */
    public static void write(RunDirectory run, long epoch, TrainedModel model, Examples images) {
        if (!(model.shape() instanceof ImageShape shape)) {
            ScatterPictures.write(run.picture(RunPicture.SAMPLES, epoch), model, images, temperature(model), SEED);
            return;
        }
        samples(model, shape).write(run.picture(RunPicture.SAMPLES, epoch));
        if (model.values().model().latentGeometry().isEmpty()) {
            return;
        }
        PictureGrid.reconstructions(shape, model.reconstruct(images, count(RECONSTRUCTIONS, shape), NOISE))
                .write(run.picture(RunPicture.RECONSTRUCTIONS, epoch));
        scales(run, epoch, model, images);
        if (images.size() > 1) {
            interpolations(run, epoch, model, images);
            traversals(run, epoch, model, images);
        }
    }

    /** Of a model with a condition a class a row. */
    private static PictureGrid samples(TrainedModel model, ImageShape shape) {
        int count = count(SAMPLES, shape);
        double temperature = temperature(model);
        if (model.condition().isEmpty()) {
            return PictureGrid.samples(shape, model.sample(count, temperature, SEED));
        }
        int rows = Math.min(model.condition().orElseThrow().classes(), Math.min(MOST_CLASSES, count));
        int columns = Math.min(SAMPLES_OF_A_CLASS, Math.max(1, count / rows));
        Conditions conditions =
                Conditions.each(model.condition(), IntStream.range(0, rows).toArray(), columns);
        return PictureGrid.samples(shape, model.sample(conditions, temperature, SEED), columns);
    }

    private static double temperature(TrainedModel model) {
        return model.config().training().imagesTemperature();
    }

    /** As many as wanted, but of large images fewer; at least one. */
    private static int count(int wanted, ImageShape shape) {
        return Math.max(1, Math.min(wanted, MOST_VALUES / shape.size()));
    }

    /** Of a model whose latents are of several scales. */
    private static void scales(RunDirectory run, long epoch, TrainedModel model, Examples images) {
        int columns = 1 + DRAWS * model.values().model().latentScales().size();
        int rows = Math.min(count(SCALE_ROWS * columns, model.imageShape()) / columns, images.size());
        if (rows == 0 || model.values().model().latentScales().size() == 1) {
            return;
        }
        int[] chosen = Arrays.copyOf(Shuffle.permutation(images.size(), SEED, 0), rows);
        PictureGrid.of(model.imageShape(), ScaleRedraws.of(model, images, NOISE, chosen, DRAWS, SEED))
                .write(run.picture(RunPicture.SCALES, epoch));
    }

    private static void interpolations(RunDirectory run, long epoch, TrainedModel model, Examples images) {
        int rows = Math.min(count(PAIRS * STEPS, model.imageShape()) / STEPS, images.size() / 2);
        if (rows == 0) {
            return;
        }
        int[] chosen = Interpolation.choose(images, rows, SEED);
        LatentPath path = LatentPath.usual(model.latents());
        PictureGrid.of(model.imageShape(), Interpolation.of(model, images, NOISE, chosen, STEPS, path))
                .write(run.picture(RunPicture.INTERPOLATIONS, epoch));
    }

    private static void traversals(RunDirectory run, long epoch, TrainedModel model, Examples images) {
        int rows = count(DIRECTIONS * TRAVERSAL_STEPS, model.imageShape()) / TRAVERSAL_STEPS;
        int encoded = Math.min(count(DIRECTIONS_IMAGES, model.imageShape()), images.size());
        if (rows == 0 || encoded < 2) {
            return;
        }
        LatentDirections space = LatentDirections.of(model, images.slice(0, encoded), NOISE);
        List<LatentDirections.Direction> strongest = space.strongest(rows);
        Conditions first = Conditions.of(model.condition(), images, 0);
        PictureGrid.of(model.imageShape(), Traversal.of(model, first, space, strongest, RANGE, TRAVERSAL_STEPS))
                .write(run.picture(RunPicture.TRAVERSALS, epoch));
    }
}
