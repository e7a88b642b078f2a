package org.likelihood4j.laboratory.latents;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.PrincipalComponents;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.LatentSpace;
import org.likelihood4j.runs.LatentSpace.Axis;
import org.likelihood4j.runs.LatentSpace.Plane;
import org.likelihood4j.runs.LatentSpace.Quantity;
import org.likelihood4j.runs.statistics.MeanAndError;

/**
 * Where the latents of N examples lie: their encodings in the plane of the two strongest principal components (of two latents themselves), and the aggregate
 * posterior {@code q(z) = 1/N sum of q(z|x_n)} over the prior. Of a Gaussian posterior also what its mean KL consists of (Hoffman and Johnson 2016):
 *
 * <pre>
 * mean over n of KL(q(z|x_n) || p(z))  =  I(n; z)  +  KL(q(z) || p(z)),    0 &lt;= I(n; z) &lt;= log N
 * </pre>
 *
 * <p>with {@code I(n; z) = E log q(z|x_n) - log q(z)}: what z tells of which example it is of, and what the prior is wrong by. Each is a mean over one draw of z for
 * each of some examples, in nats; q(z) is summed over all N.
 */
public final class LatentSurvey {
    /** Examples that are drawn as points, and of which z is taken for the densities' means, where each sum is over all: evenly from all of them. */
    private static final int MOST_CHOSEN = 2000;

    /** Of which principal components are, the more the slower. */
    private static final int MOST_OF_COMPONENTS = 2000;

    private static final int NODES = 64;

    /** Corners of what N(0, I) is seen in. */
    private static final double[][] NORMAL_EXTENT = {{-3.5, -3.5}, {3.5, 3.5}};

    private final TrainedModel trained;
    private final Examples set;
    private final String split;

    /** @throws RunException if the model has no latents, or there are too few examples to see anything */
    public LatentSurvey(TrainedModel trained, Examples set, String split) {
        this.trained = trained;
        this.set = set;
        this.split = split;
        trained.latents();
        if (trained.values().model().latentShape().size() < 2) {
            throw new RunException(
                    "the model of the run '" + trained.config().name() + "' has one latent, which is no plane");
        }
        if (set.size() < 3) {
            throw new RunException(
                    "the " + split + " data have " + set.size() + " examples; 3 are the least that have a shape");
        }
    }

    /** What latents there are of the examples, {@code [N][D]} each, or null. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Latents(
            double[][] encodings,
            double[][] draws,
            double[][] prior,
            double[][] means,
            double[][] logVariances,
            double[] logPosterior,
            double[] logPrior) {}

    /** Surveys them. */
    public LatentSpace of(Calibration.Weights weights) {
        Model model = trained.values().model();
        Latents latents = model instanceof LatentVariableModel vae ? ofVae(vae) : ofFlow();
        requireFinite("encodings", latents.encodings());
        requireFinite("draws of the posterior", latents.draws());
        if (latents.prior() != null) {
            requireFinite("draws of the prior", latents.prior());
        }
        double[][] axes = new double[2][];
        List<Axis> named = axes(latents.encodings(), axes);
        double[][] encodings = projected(latents.encodings(), axes);
        double[][] posterior = projected(latents.draws(), axes);
        double[][] drawn = latents.prior() == null ? null : projected(latents.prior(), axes);
        boolean normal = trained.latents().standardNormalPrior();
        SmoothedPlane plane = SmoothedPlane.around(posterior, drawn == null ? NORMAL_EXTENT : drawn, NODES);
        double[] prior = normal ? plane.standardNormal() : drawn == null ? null : plane.of(drawn);
        int[] chosen = chosen();
        return new LatentSpace(
                LatentSpace.FORMAT_VERSION,
                weights,
                split,
                set.size(),
                named,
                set.labelled() ? trained.classes() : List.of(),
                IntStream.of(chosen).map(set::label).toArray(),
                along(encodings, chosen, 0),
                along(encodings, chosen, 1),
                new Plane(
                        plane.low(),
                        plane.high(),
                        NODES,
                        Digits.rounded(plane.of(posterior)),
                        prior == null ? null : Digits.rounded(prior)),
                latents.means() == null ? List.of() : quantities(latents));
    }

    /** Places evenly from all of them: a file may be sorted by class. */
    private int[] chosen() {
        int count = Math.min(MOST_CHOSEN, set.size());
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * set.size() / count))
                .toArray();
    }

    private static double[] along(double[][] encodings, int[] chosen, int axis) {
        return Digits.rounded(
                IntStream.of(chosen).mapToDouble(i -> encodings[i][axis]).toArray());
    }

    private Latents ofVae(LatentVariableModel vae) {
        int size = vae.latentShape().size();
        boolean gaussian = vae.hasGaussianPosterior();
        List<double[]> encodings = new ArrayList<>();
        List<double[]> draws = new ArrayList<>();
        List<double[]> logVariances = new ArrayList<>();
        List<Double> logPosterior = new ArrayList<>();
        List<Double> logPrior = new ArrayList<>();
        List<String> wanted = new ArrayList<>(List.of(
                vae.encodingOutput(),
                LatentVariableModel.LOG_VARIANCE,
                LatentVariableModel.LATENT,
                LatentVariableModel.LOG_POSTERIOR,
                LatentVariableModel.LOG_PRIOR));
        trained.overSet(vae.posterior(), wanted, set, split, values -> {
            split(values.get(vae.encodingOutput()), size, encodings);
            split(values.get(LatentVariableModel.LOG_VARIANCE), size, logVariances);
            split(values.get(LatentVariableModel.LATENT), size, draws);
            Arrays.stream(values.get(LatentVariableModel.LOG_POSTERIOR)).forEach(logPosterior::add);
            Arrays.stream(values.get(LatentVariableModel.LOG_PRIOR)).forEach(logPrior::add);
        });
        List<double[]> prior = new ArrayList<>();
        if (vae.hasLikelihood() && !vae.hasStandardNormalPrior()) {
            trained.overSet(
                    vae.simulate(),
                    List.of(LatentVariableModel.LATENT),
                    set,
                    split,
                    values -> split(values.get(LatentVariableModel.LATENT), size, prior));
        }
        return new Latents(
                encodings.toArray(double[][]::new),
                draws.toArray(double[][]::new),
                prior.isEmpty() ? null : prior.toArray(double[][]::new),
                gaussian ? encodings.toArray(double[][]::new) : null,
                logVariances.toArray(double[][]::new),
                logPosterior.stream().mapToDouble(Double::doubleValue).toArray(),
                logPrior.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** What a flow makes of an example is its only latent. */
    private Latents ofFlow() {
        double[][] encodings = trained.encode(
                        set, IntStream.range(0, set.size()).toArray(), split)
                .toArray(double[][]::new);
        return new Latents(encodings, encodings, null, null, null, null, null);
    }

    private static void split(double[] rows, int width, List<double[]> into) {
        for (int start = 0; start < rows.length; start += width) {
            into.add(Arrays.copyOfRange(rows, start, start + width));
        }
    }

    private void requireFinite(String what, double[][] latents) {
        long bad = Arrays.stream(latents)
                .flatMapToDouble(Arrays::stream)
                .filter(value -> !Double.isFinite(value))
                .count();
        if (bad > 0) {
            throw new RunException(what + " of the " + split + " examples: " + bad + " values are not finite");
        }
    }

    /** @param into the axes: orthogonal, of length 1 */
    private static List<Axis> axes(double[][] encodings, double[][] into) {
        int size = encodings[0].length;
        PrincipalComponents components = PrincipalComponents.of(evenly(encodings, MOST_OF_COMPONENTS));
        int spanned = components.variances().length;
        double whole = IntStream.range(0, size)
                .mapToDouble(j -> variance(encodings, unit(size, j)))
                .sum();
        List<Axis> axes = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
            String name = "principal component " + (k + 1);
            if (size == 2) {
                into[k] = unit(size, k);
                name = "z_" + (k + 1);
            } else if (k < spanned) {
                into[k] = components.axis(k);
            } else {
                into[k] = k == 0 ? unit(size, 0) : across(into[0]);
                name = "a direction without variance";
            }
            double variance = variance(encodings, into[k]);
            axes.add(new Axis(name, variance, whole > 0 ? variance / whole : 0));
        }
        return axes;
    }

    private static List<double[]> evenly(double[][] all, int most) {
        int count = Math.min(most, all.length);
        return IntStream.range(0, count)
                .mapToObj(i -> all[(int) ((long) i * all.length / count)])
                .toList();
    }

    private static double[] unit(int size, int j) {
        double[] axis = new double[size];
        axis[j] = 1;
        return axis;
    }

    /** A direction of length 1 that is orthogonal to another one: of the latent that it has least of, without that part. */
    private static double[] across(double[] axis) {
        int least = IntStream.range(0, axis.length)
                .boxed()
                .min(Comparator.comparingDouble(j -> Math.abs(axis[j])))
                .orElseThrow();
        double[] other = unit(axis.length, least);
        double length = Math.sqrt(1 - axis[least] * axis[least]);
        for (int j = 0; j < axis.length; j++) {
            other[j] = (other[j] - axis[least] * axis[j]) / length;
        }
        return other;
    }

    private static double variance(double[][] points, double[] axis) {
        double[] along = Arrays.stream(points).mapToDouble(z -> dot(z, axis)).toArray();
        double mean = Arrays.stream(along).average().orElseThrow();
        return Arrays.stream(along).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    }

    private static double[][] projected(double[][] points, double[][] axes) {
        return Arrays.stream(points)
                .map(z -> new double[] {dot(z, axes[0]), dot(z, axes[1])})
                .toArray(double[][]::new);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private List<Quantity> quantities(Latents latents) {
        int[] chosen = chosen();
        double[] aggregate = new GaussianMixture(latents.means(), latents.logVariances())
                .logDensities(
                        IntStream.of(chosen).mapToObj(i -> latents.draws()[i]).toArray(double[][]::new));
        String of = "of " + set.size() + " examples";
        IntToDoubleFunction posterior = i -> latents.logPosterior()[chosen[i]];
        IntToDoubleFunction prior = i -> latents.logPrior()[chosen[i]];
        return List.of(
                quantity(
                        "kl",
                        chosen.length,
                        i -> posterior.applyAsDouble(i) - prior.applyAsDouble(i),
                        "KL(q(z|x) || p(z)), sampled"),
                quantity(
                        "information",
                        chosen.length,
                        i -> posterior.applyAsDouble(i) - aggregate[i],
                        "I(n; z): what z tells of which one " + of + " it is of, at most log N = "
                                + String.format(Locale.ROOT, "%.2f", Math.log(set.size()))),
                quantity(
                        "aggregate_kl",
                        chosen.length,
                        i -> aggregate[i] - prior.applyAsDouble(i),
                        "KL(q(z) || p(z)): what the prior is wrong by on the whole, " + of));
    }

    private Quantity quantity(String name, int n, IntToDoubleFunction values, String description) {
        MeanAndError mean =
                MeanAndError.of(IntStream.range(0, n).mapToDouble(values).toArray());
        if (!Double.isFinite(mean.mean())) {
            throw new RunException(name + " of the " + split + " examples is not finite");
        }
        return new Quantity(name, mean.mean(), mean.error(), description);
    }
}
