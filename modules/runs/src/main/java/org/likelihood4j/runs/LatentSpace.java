package org.likelihood4j.runs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;

/**
 * Where the latents of a set of examples lie: {@code latents.json}, of another checkpoint than the best one {@code latents-CHECKPOINT.json}.
 *
 * @param formatVersion 1
 * @param weights that it is of
 * @param split train, validation or test
 * @param examples N
 * @param axes two
 * @param classes names of the labels; empty where data have none
 * @param labels of the examples that are drawn
 * @param x of each of them along the first axis
 * @param y along the second one
 * @param plane densities over both axes
 * @param quantities parts of the mean KL(q(z|x) || p(z)); empty of models without a Gaussian posterior
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content, never compared
public record LatentSpace(
        int formatVersion,
        Calibration.Weights weights,
        String split,
        int examples,
        List<Axis> axes,
        List<String> classes,
        int[] labels,
        double[] x,
        double[] y,
        Plane plane,
        List<Quantity> quantities) {
    /** The newest. */
    public static final int FORMAT_VERSION = 1;

    private static final FindingsFile<LatentSpace> FILE =
            new FindingsFile<>(LatentSpace.class, "latents", JsonFiles.LINE, 1 << 24);

    private static final int MOST_NODES = 512;

    /**
     * An axis of the plane.
     *
     * @param name {@code z_3}, or of which principal component
     * @param variance of the examples' encodings along it
     * @param share of their whole variance
     */
    public record Axis(String name, double variance, double share) {
        /** The text may be a file's. */
        public Axis {
            name = Printable.line(Printable.shorten(Objects.requireNonNull(name, "name")));
        }
    }

    /**
     * Densities at the nodes of a grid, both smoothed by the same kernel.
     *
     * @param low of both axes
     * @param high of both axes
     * @param size nodes of each
     * @param posterior {@code q(z) = mean over x of q(z|x)}, row after row of the second axis
     * @param prior p(z); null where there is none to draw from
     */
    public record Plane(double[] low, double[] high, int size, double[] posterior, double[] prior) {
        /** @throws IllegalArgumentException if it is none; the values may be a file's */
        public Plane {
            require(
                    low.length == 2 && high.length == 2 && low[0] < high[0] && low[1] < high[1],
                    "a plane has two axes");
            require(size >= 2 && size <= MOST_NODES, "size is " + size);
            require(posterior.length == size * size, "there must be a density at each node");
            require(prior == null || prior.length == size * size, "there must be a prior at each node");
        }
    }

    /**
     * A mean over examples.
     *
     * @param mean nats
     * @param standardError over examples, each with one draw of z
     */
    public record Quantity(String name, double mean, double standardError, String description) {
        /** The texts may be a file's. */
        public Quantity {
            name = Printable.line(name);
            description = Printable.line(description);
        }
    }

    /** @throws IllegalArgumentException if it is none; the values may be a file's */
    public LatentSpace {
        require(formatVersion == FORMAT_VERSION, "formatVersion is " + formatVersion + ", expected " + FORMAT_VERSION);
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(plane, "plane");
        split = Printable.line(Printable.shorten(Objects.requireNonNull(split, "split")));
        axes = List.copyOf(axes);
        classes = classes.stream().map(Printable::line).toList();
        quantities = List.copyOf(quantities);
        require(axes.size() == 2, "there must be two axes");
        require(x.length == y.length && x.length == labels.length, "there must be as many labels as places");
        require(examples >= labels.length, "examples are " + examples + ", fewer than labels");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Writes it into its run; with {@code -SPLIT-EXAMPLES} in its name where the run has one of more examples, or of another split, that it
     * should not replace.
     *
     * @param checkpoint as it was asked for: {@code last}, {@code best} or a folder's name
     * @return the file
     * @throws org.likelihood4j.io.RunException if it cannot be written
     */
    public Path save(RunDirectory run, String checkpoint) {
        String name = FILE.nameIn(
                run,
                checkpoint,
                other -> other.examples > examples || !other.split.equals(split),
                split + "-" + examples);
        return FILE.save(run, name, this);
    }

    /**
     * That of a checkpoint, if the run has one.
     *
     * @throws org.likelihood4j.io.RunException if it is there and cannot be read
     */
    public static Optional<LatentSpace> read(RunDirectory run, String checkpoint) {
        return FILE.read(run, checkpoint);
    }
}
