package org.likelihood4j.laboratory.latents;

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
    /** Beyond so many deviations a kernel is nothing: e^-12.5. */
    private static final double REACH = 5;

    /** A grid that holds points, with room for the kernel around them; its bandwidth is Scott's, {@code deviation n^(-1/6)}. */
    static SmoothedPlane around(double[][] points, int size) {
        double[] low = new double[2];
        double[] high = new double[2];
        double[] bandwidth = new double[2];
        for (int axis = 0; axis < 2; axis++) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            double squares = 0;
            for (double[] point : points) {
                least = Math.min(least, point[axis]);
                greatest = Math.max(greatest, point[axis]);
                sum += point[axis];
            }
            double mean = sum / points.length;
            for (double[] point : points) {
                squares += (point[axis] - mean) * (point[axis] - mean);
            }
            double deviation = Math.sqrt(squares / points.length);
            bandwidth[axis] = Math.max(1e-9, deviation * Math.pow(points.length, -1 / 6.0));
            low[axis] = least - 2 * bandwidth[axis];
            high[axis] = greatest + 2 * bandwidth[axis];
        }
        return new SmoothedPlane(low, high, size, bandwidth);
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
