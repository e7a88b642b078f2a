package org.likelihood4j.laboratory.latents;

import java.util.Arrays;

/**
 * Densities of points of the plane on one grid, each smoothed by the same Gaussian kernel, so that what differs between two of them is not the smoothing.
 *
 * @param low where the grid begins, of both axes
 * @param high where it ends
 * @param size nodes along each axis
 * @param bandwidth standard deviation of the kernel, of both axes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SmoothedPlane(double[] low, double[] high, int size, double[] bandwidth) {
    /** The share of points on either side that a picture does without. */
    private static final double OUTSIDE = 1e-3;

    /** Beyond so many deviations a kernel is nothing: e^-12.5. */
    private static final double REACH = 5;

    /**
     * A grid that holds nearly all of two sets of points, with room for the kernel around them.
     *
     * @param points of which the kernel's bandwidth is Scott's, {@code deviation n^(-1/6)}, and at least as wide as the grid's step, below which nodes would miss points
     * @param others what the grid holds as well
     */
    static SmoothedPlane around(double[][] points, double[][] others, int size) {
        double[] low = new double[2];
        double[] high = new double[2];
        double[] bandwidth = new double[2];
        for (int axis = 0; axis < 2; axis++) {
            double[] along = along(points, axis);
            double[] otherwise = along(others, axis);
            double mean = Arrays.stream(along).average().orElseThrow();
            double variance = Arrays.stream(along)
                    .map(x -> (x - mean) * (x - mean))
                    .average()
                    .orElseThrow();
            double scott = Math.sqrt(variance) * Math.pow(points.length, -1 / 6.0);
            double least = Math.min(quantile(along, OUTSIDE), quantile(otherwise, OUTSIDE));
            double greatest = Math.max(quantile(along, 1 - OUTSIDE), quantile(otherwise, 1 - OUTSIDE));
            double margin = Math.max(2 * scott, 0.02 * (greatest - least));
            margin = margin > 0 ? margin : 1;
            low[axis] = least - margin;
            high[axis] = greatest + margin;
            bandwidth[axis] = Math.max(scott, (high[axis] - low[axis]) / (size - 1));
        }
        return new SmoothedPlane(low, high, size, bandwidth);
    }

    /** Sorted. */
    private static double[] along(double[][] points, int axis) {
        return Arrays.stream(points).mapToDouble(point -> point[axis]).sorted().toArray();
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    private double step(int axis) {
        return (high[axis] - low[axis]) / (size - 1);
    }

    /** The density of points, {@code [size, size]}, row after row of the second axis. */
    double[] of(double[][] points) {
        double[] density = new double[size * size];
        for (double[] point : points) {
            double[] kernelX = new double[size];
            double[] kernelY = new double[size];
            int[] x = kernel(point, 0, kernelX);
            int[] y = kernel(point, 1, kernelY);
            for (int row = y[0]; row < y[1]; row++) {
                for (int column = x[0]; column < x[1]; column++) {
                    density[row * size + column] += kernelX[column] * kernelY[row];
                }
            }
        }
        double scale = 1 / (2 * Math.PI * bandwidth[0] * bandwidth[1] * points.length);
        for (int i = 0; i < density.length; i++) {
            density[i] *= scale;
        }
        return density;
    }

    /** The density of N(0, I), smoothed alike: its variance and the kernel's add. */
    double[] standardNormal() {
        double[] density = new double[size * size];
        double varianceX = 1 + bandwidth[0] * bandwidth[0];
        double varianceY = 1 + bandwidth[1] * bandwidth[1];
        for (int i = 0; i < density.length; i++) {
            int row = i / size;
            double x = low[0] + (i - row * size) * step(0);
            double y = low[1] + row * step(1);
            density[i] = Math.exp(-0.5 * (x * x / varianceX + y * y / varianceY))
                    / (2 * Math.PI * Math.sqrt(varianceX * varianceY));
        }
        return density;
    }

    /** The nodes that a kernel reaches, from and to. */
    private int[] kernel(double[] point, int axis, double[] values) {
        double step = step(axis);
        double reach = REACH * bandwidth[axis];
        int from = (int) Math.max(0, Math.ceil((point[axis] - reach - low[axis]) / step));
        int to = (int) Math.min(size, Math.floor((point[axis] + reach - low[axis]) / step) + 1);
        for (int i = from; i < to; i++) {
            double distance = (low[axis] + i * step - point[axis]) / bandwidth[axis];
            values[i] = Math.exp(-0.5 * distance * distance);
        }
        return new int[] {from, Math.max(from, to)};
    }
}
