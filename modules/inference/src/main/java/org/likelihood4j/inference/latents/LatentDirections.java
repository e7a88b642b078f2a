package org.likelihood4j.inference.latents;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Directions in which a latent space is worth looking at, from N images, the strongest first.
 *
 * <p><b>VAE</b>: its latent dimensions, by the variance of the posterior mean over the images: an inactive one changes nothing. (Of a
 * posterior with a flow it is what the flow makes of the Gaussian's mean.)
 * The centre is 0 and the unit 1, the mean and standard deviation of N(0, I). A learned prior has neither in closed form, and its
 * mass is where the encodings are: there they are the mean and standard deviation of N draws, one of each image's posterior.
 *
 * <p><b>Flow</b>: of its D coordinates each moves little more than a pixel, so the directions are the principal components of the
 * latents of N images, the centre is their mean, and the unit is the standard deviation along a component. If the flow were
 * perfect, latents of images would be N(0, I) and no direction would be special: what the first components show is what the flow
 * has not made Gaussian, and their variances tell how much. N draws from N(0, I) itself would already show variances of up to
 * {@link #chanceVariance()}.
 */
public final class LatentDirections {
    /** The more images, the less of a principal component is chance; a thousand take a second or so. */
    public static final int USUAL_IMAGES = 1000;

    /** What directions can be. */
    public enum Kind {
        /** Single latent dimensions, of a model with a posterior. */
        DIMENSIONS,
        /** Principal components of latents, of any other model. */
        COMPONENTS
    }

    /**
     * One of them.
     *
     * @param index of the latent dimension, or of the principal component, 0 being that of the greatest variance
     * @param unit the standard deviation by which steps along it are measured
     * @param variance of the posterior mean (VAE), or of the latents (flow), along it, over the images
     */
    public record Direction(int index, double unit, double variance) {}

    private final Kind kind;
    private final double[] centre;
    private final List<Direction> all;
    private final IntFunction<double[]> axes;
    private final int images;
    private final OptionalDouble chanceVariance;

    private LatentDirections(
            Kind kind,
            double[] centre,
            List<Direction> all,
            IntFunction<double[]> axes,
            int images,
            OptionalDouble chanceVariance) {
        this.kind = kind;
        this.centre = centre;
        this.all = List.copyOf(all);
        this.axes = axes;
        this.images = images;
        this.chanceVariance = chanceVariance;
    }

    /** What all of them are. */
    public Kind kind() {
        return kind;
    }

    /** What steps are measured from. */
    public double[] centre() {
        return centre.clone();
    }

    /** A vector of length 1. */
    public double[] axis(Direction direction) {
        return axes.apply(direction.index());
    }

    /** The strongest first. */
    public List<Direction> all() {
        return all;
    }

    /** The strongest ones, or all where there are fewer. */
    public List<Direction> strongest(int most) {
        return all.subList(0, Math.min(most, all.size()));
    }

    /** N, which may be fewer than asked for. */
    public int images() {
        return images;
    }

    /** Of a flow: the greatest variance that N draws from N(0, I) would show along some direction. */
    public OptionalDouble chanceVariance() {
        return chanceVariance;
    }

    /**
     * Finds them.
     *
     * @param images at least 2
     * @param split the set's name, for the noise that shows it to the model
     * @throws RunException if a latent is not finite
     */
    public static LatentDirections of(TrainedModel model, Examples images, String split) {
        if (images.size() < 2) {
            throw new IllegalArgumentException(images.size() + " images have no variance");
        }
        LatentGeometry latents = model.latents();
        return model.values().model() instanceof LatentVariableModel latent
                ? dimensions(model, latent, images, split, latents.standardNormalPrior())
                : components(model, images, split, latents.isExact() && latents.standardNormalPrior());
    }

    private static LatentDirections dimensions(
            TrainedModel model, LatentVariableModel vae, Examples images, String split, boolean standardNormal) {
        int latent = vae.latentShape().size();
        List<Moments> means = moments(latent);
        List<Moments> draws = moments(latent);
        String encoding = vae.encodingOutput();
        List<String> outputs = List.of(encoding, LatentVariableModel.LATENT);
        model.overSet(vae.posterior(), outputs, images, split, rows -> {
            add(means, rows.get(encoding));
            add(draws, rows.get(LatentVariableModel.LATENT));
        });
        requireFinite(
                Stream.concat(means.stream(), draws.stream())
                        .mapToLong(Moments::nonFinite)
                        .sum(),
                split);
        double[] centre = new double[latent];
        List<Direction> all = new ArrayList<>(latent);
        for (int j = 0; j < latent; j++) {
            centre[j] = standardNormal ? 0 : draws.get(j).mean();
            double unit = standardNormal ? 1 : Math.sqrt(draws.get(j).variance());
            all.add(new Direction(j, unit, means.get(j).variance()));
        }
        all.sort(Comparator.comparingDouble(Direction::variance).reversed());
        return new LatentDirections(
                Kind.DIMENSIONS, centre, all, j -> unit(latent, j), images.size(), OptionalDouble.empty());
    }

    private static void requireFinite(long bad, String split) {
        if (bad > 0) {
            throw new RunException("latents of the " + split + " images: " + bad + " values are not finite");
        }
    }

    private static double[] unit(int latent, int j) {
        double[] axis = new double[latent];
        axis[j] = 1;
        return axis;
    }

    private static List<Moments> moments(int count) {
        return IntStream.range(0, count).mapToObj(j -> new Moments()).toList();
    }

    private static void add(List<Moments> columns, double[] rows) {
        for (int i = 0; i < rows.length; i++) {
            columns.get(i % columns.size()).add(rows[i]);
        }
    }

    /** @param normal whether the latents of a perfect model would be draws of N(0, I) */
    private static LatentDirections components(TrainedModel model, Examples images, String split, boolean normal) {
        List<double[]> latents =
                model.encode(images, IntStream.range(0, images.size()).toArray(), split);
        requireFinite(
                latents.stream()
                        .flatMapToDouble(Arrays::stream)
                        .filter(value -> !Double.isFinite(value))
                        .count(),
                split);
        PrincipalComponents found = PrincipalComponents.of(latents);
        double[] variances = found.variances();
        List<Direction> all = new ArrayList<>(variances.length);
        for (int k = 0; k < variances.length; k++) {
            all.add(new Direction(k, Math.sqrt(variances[k]), variances[k]));
        }
        OptionalDouble chance = normal
                ? OptionalDouble.of(PrincipalComponents.chance(images.size(), found.mean().length))
                : OptionalDouble.empty();
        return new LatentDirections(Kind.COMPONENTS, found.mean(), all, found::axis, images.size(), chance);
    }
}
