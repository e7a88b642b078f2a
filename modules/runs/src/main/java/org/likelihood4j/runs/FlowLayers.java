package org.likelihood4j.runs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;

/**
 * What a flow of the plane makes of a regular grid of latents and of data, layer by layer: {@code layers.json}, of another checkpoint than the best one
 * {@code layers-CHECKPOINT.json}.
 *
 * @param formatVersion 1
 * @param weights that it is of
 * @param split train, validation or test
 * @param extent latents of the grid are from minus to plus this along both axes
 * @param size nodes of the grid along each axis
 * @param columns what the data's two numbers are
 * @param classes names of the labels; empty where data have none
 * @param labels of the data's points
 * @param spaces from data to latents
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content, never compared
public record FlowLayers(
        int formatVersion,
        Calibration.Weights weights,
        String split,
        double extent,
        int size,
        List<String> columns,
        List<String> classes,
        int[] labels,
        List<Space> spaces) {
    /** The newest. */
    public static final int FORMAT_VERSION = 1;

    private static final FindingsFile<FlowLayers> FILE =
            new FindingsFile<>(FlowLayers.class, "layers", JsonFiles.LINE, 1 << 24);

    private static final int MOST_NODES = 256;

    /**
     * The space between two layers.
     *
     * @param name of the layer that data have come through last; the first one is that of the data themselves
     * @param x of the grid's nodes, row after row
     * @param y of the same
     * @param logDet log|det| of the map from latents to here, nats
     * @param dataX of the data's points
     * @param dataY of the same
     */
    public record Space(String name, double[] x, double[] y, double[] logDet, double[] dataX, double[] dataY) {
        /** The text may be a file's. */
        public Space {
            name = Printable.line(Printable.shorten(Objects.requireNonNull(name, "name")));
        }
    }

    /** @throws IllegalArgumentException if it is none; the values may be a file's */
    public FlowLayers {
        require(formatVersion == FORMAT_VERSION, "formatVersion is " + formatVersion + ", expected " + FORMAT_VERSION);
        Objects.requireNonNull(weights, "weights");
        split = Printable.line(Printable.shorten(Objects.requireNonNull(split, "split")));
        columns = columns.stream().map(Printable::line).toList();
        classes = classes.stream().map(Printable::line).toList();
        spaces = List.copyOf(spaces);
        require(size >= 2 && size <= MOST_NODES, "size is " + size);
        require(spaces.size() >= 2, "there must be a space of data and one of latents");
        require(columns.size() == 2, "there must be two columns");
        require(extent > 0 && extent < 1e9, "extent is " + extent);
        for (Space space : spaces) {
            int nodes = size * size;
            require(
                    space.x().length == nodes && space.y().length == nodes && space.logDet().length == nodes,
                    "every space must have " + nodes + " nodes");
            require(
                    space.dataX().length == labels.length && space.dataY().length == labels.length,
                    "every space must have " + labels.length + " points");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Writes it into its run.
     *
     * @param checkpoint as it was asked for: {@code last}, {@code best} or a folder's name
     * @return the file
     * @throws org.likelihood4j.io.RunException if it cannot be written
     */
    public Path save(RunDirectory run, String checkpoint) {
        return FILE.save(run, FILE.stem(checkpoint), this);
    }

    /**
     * That of a checkpoint, if the run has one.
     *
     * @throws org.likelihood4j.io.RunException if it is there and cannot be read
     */
    public static Optional<FlowLayers> read(RunDirectory run, String checkpoint) {
        return FILE.read(run, checkpoint);
    }
}
