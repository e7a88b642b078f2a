package org.likelihood4j.laboratory.signal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;

/**
 * The signal-to-noise ratios of a run's gradients.
 *
 * @param images over which a gradient is a mean
 * @param draws of it
 * @param rows by part of the model, estimator and K
 */
public record SignalReport(String run, String checkpoint, int images, int draws, List<Row> rows) {
    /**
     * One ratio.
     *
     * @param part of the parameters, such as encoder
     * @param estimator sampled: the gradient of the bound as it stands, or path: through z only, of K above 1 doubly reparameterised
     * @param k draws in the bound
     * @param signal |E g|, nats; 0 where it is lost in the noise of its estimate
     * @param noise sqrt(tr Cov g), nats
     * @param ratio of the two
     */
    public record Row(
            String part, String estimator, int k, double signal, double noise, double ratio, double standardError) {}

    /**
     * How a ratio goes with K: the slope of its logarithm over that of K, by least squares weighted by the errors.
     *
     * @param value -0.5 of a gradient whose signal falls as 1/K and whose noise as 1/sqrt(K)
     */
    public record Slope(double value, double standardError) {}

    public SignalReport {
        rows = List.copyOf(rows);
    }

    /** The rows of a part and an estimator, in the order of K. */
    public List<Row> of(String part, String estimator) {
        return rows.stream()
                .filter(row -> row.part().equals(part) && row.estimator().equals(estimator))
                .toList();
    }

    /** The slope over rows, of those whose ratio is above two standard errors; null where there are not two. */
    public static Slope slope(List<Row> rows) {
        double weights = 0;
        double x = 0;
        double y = 0;
        List<Row> clear = rows.stream()
                .filter(row -> row.standardError() > 0 && row.ratio() > 2 * row.standardError())
                .toList();
        if (clear.size() < 2) {
            return null;
        }
        for (Row row : clear) {
            weights += weight(row);
            x += weight(row) * Math.log(row.k());
            y += weight(row) * Math.log(row.ratio());
        }
        double xx = 0;
        double xy = 0;
        for (Row row : clear) {
            double dx = Math.log(row.k()) - x / weights;
            xx += weight(row) * dx * dx;
            xy += weight(row) * dx * (Math.log(row.ratio()) - y / weights);
        }
        return new Slope(xy / xx, 1 / Math.sqrt(xx));
    }

    /** 1/variance of the logarithm. */
    private static double weight(Row row) {
        double relative = row.standardError() / row.ratio();
        return 1 / (relative * relative);
    }

    /**
     * Writes it.
     *
     * @throws RunException if it cannot be written
     */
    public void save(Path file) {
        try {
            AtomicFiles.write(file, JsonFiles.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }
}
