package org.likelihood4j.training.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.likelihood4j.runs.metrics.MetricsKeys;
import org.likelihood4j.runs.statistics.ActiveUnits;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Each latent dimension of a VAE over N images, one posterior draw z_n for each. All in nats but the variance.
 *
 * <pre>
 * KL_j                analytic, and sampled:  mean over n of log q(z_nj|x_n) - log p(z_nj)
 * mutual information  I_j = mean over n of log q(z_nj|x_n) - log q(z_nj)
 * marginal KL         mean over n of log q(z_nj) - log p(z_nj),     q(z_j) = 1/N sum over m of q(z_j|x_m)
 * </pre>
 *
 * <p>I_j and the marginal KL add up to the sampled KL (Hoffman and Johnson 2016). Since each image is one of the N components of
 * q(z_j), the estimate of I_j cannot exceed log N. Dimensions share information, so none of these columns may be summed to
 * a statement on the whole z, except the KL's, whose terms add because q and p both factorise.
 *
 * @param images N
 * @param klAnalytic {@code [latent]}; null where there is no closed form
 * @param klSampled {@code [latent]}; null where posterior or prior are not independent over dimensions
 * @param meanVariance variance over the images of the posterior mean, or of what encoding gives in its place
 * @param mutualInformation {@code [latent]}; null where the posterior is not independent over dimensions
 * @param marginalKl {@code [latent]}; null as klSampled
 */
public record LatentReport(
        int images,
        List<Double> klAnalytic,
        List<Double> klSampled,
        List<Double> meanVariance,
        List<Double> mutualInformation,
        List<Double> marginalKl) {
    /** Terms of a sum below exp of this, relative to the one that is sure to be there, are beyond float64. */
    private static final double NEGLIGIBLE = -40;

    /**
     * Computes the report from row-major {@code [N, latent]} arrays.
     *
     * @param logVariance of the posterior, or null where a dimension of it has no density of its own
     * @param kl per dimension in closed form, or null
     * @param sampledKl per dimension at z, or null
     */
    static LatentReport of(
            int images, double[] mean, double[] logVariance, double[] z, double[] kl, double[] sampledKl) {
        int latent = mean.length / images;
        List<Double> information = logVariance == null
                ? null
                : IntStream.range(0, latent)
                        .parallel()
                        .mapToObj(j -> mutualInformation(
                                column(mean, images, j), column(logVariance, images, j), column(z, images, j)))
                        .toList();
        List<Double> variances = IntStream.range(0, latent)
                .mapToObj(j -> moments(mean, images, j).variance())
                .toList();
        List<Double> sampled = sampledKl == null ? null : columnMeans(sampledKl, images, latent);
        List<Double> marginal = sampled == null
                ? null
                : IntStream.range(0, latent)
                        .mapToObj(j -> sampled.get(j) - information.get(j))
                        .toList();
        return new LatentReport(
                images, kl == null ? null : columnMeans(kl, images, latent), sampled, variances, information, marginal);
    }

    /** Mean over n of {@code log q(z_n|x_n) - log(1/N sum over m of q(z_n|x_m))}, for one dimension. */
    private static double mutualInformation(double[] mean, double[] logVariance, double[] z) {
        int n = z.length;
        double[] precision = new double[n];
        for (int m = 0; m < n; m++) {
            precision[m] = 0.5 * Math.exp(-logVariance[m]);
        }
        double total = 0;
        for (int i = 0; i < n; i++) {
            double own = logDensity(z[i], mean[i], precision[i], logVariance[i]);
            double sum = 0;
            for (int m = 0; m < n; m++) {
                double relative = logDensity(z[i], mean[m], precision[m], logVariance[m]) - own;
                if (relative > NEGLIGIBLE) {
                    sum += Math.exp(relative);
                }
            }
            total += Math.log(n) - Math.log(sum);
        }
        return total / n;
    }

    /** Without log(2 pi)/2, which cancels. */
    private static double logDensity(double z, double mean, double halfPrecision, double logVariance) {
        double centred = z - mean;
        return -halfPrecision * centred * centred - 0.5 * logVariance;
    }

    private static double[] column(double[] matrix, int rows, int j) {
        int columns = matrix.length / rows;
        return IntStream.range(0, rows)
                .mapToDouble(i -> matrix[i * columns + j])
                .toArray();
    }

    private static Moments moments(double[] matrix, int rows, int j) {
        Moments moments = new Moments();
        for (double value : column(matrix, rows, j)) {
            moments.add(value);
        }
        return moments;
    }

    private static List<Double> columnMeans(double[] matrix, int rows, int columns) {
        return IntStream.range(0, columns)
                .mapToObj(j -> moments(matrix, rows, j).mean())
                .toList();
    }

    public int latent() {
        return meanVariance.size();
    }

    /** log N, nats: no mutual information can be estimated above it. */
    public double cap() {
        return Math.log(images);
    }

    public boolean active(int j) {
        return ActiveUnits.isActive(meanVariance.get(j));
    }

    public int activeUnits() {
        return (int) IntStream.range(0, latent()).filter(this::active).count();
    }

    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(MetricsKeys.IMAGES, images);
        values.put(MetricsKeys.ACTIVE, activeUnits());
        values.put(MetricsKeys.MUTUAL_INFORMATION_CAP, cap());
        values.put(MetricsKeys.KL_ANALYTIC, klAnalytic);
        values.put(MetricsKeys.KL_SAMPLED, klSampled);
        values.put(MetricsKeys.MEAN_VARIANCE, meanVariance);
        values.put("mutual_information", mutualInformation);
        values.put("marginal_kl", marginalKl);
        return values;
    }
}
