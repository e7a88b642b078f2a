import java.util.function.UnaryOperator;
import org.likelihood4j.laboratory.exercises.OwnFormulas;

/** Five exercises: replace what throws, and run ./run.sh verify --with docs/exercises/MyFormulas.java after each. */
public final class MyFormulas implements OwnFormulas {
    // 1. KL(N(mu, sigma^2) || N(0, 1)), nats.
    @Override
    public double kl(double mu, double sigma) {
        throw new NotWrittenException();
    }

    // 2. {dKL/dmu, dKL/dsigma}.
    @Override
    public double[] klGradient(double mu, double sigma) {
        throw new NotWrittenException();
    }

    // 3. y1 = exp(G(x2)) x1 + F(x2), y2 = exp(s) x2, element by element: {y1, y2}.
    @Override
    public double[][] couple(
            double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        throw new NotWrittenException();
    }

    // 3. {x1, x2} of {y1, y2}.
    @Override
    public double[][] decouple(
            double[] y1, double[] y2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        throw new NotWrittenException();
    }

    // 3. log|det d(y1, y2)/d(x1, x2)|.
    @Override
    public double coupleLogDet(
            double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        throw new NotWrittenException();
    }

    // 4. Bits of the pixel k with v = (k + u)/256, y = logit(alpha + (1 - 2 alpha) v) and log p(y) in nats.
    @Override
    public double bitsOfPixel(double logDensity, double v, double alpha) {
        throw new NotWrittenException();
    }

    // 5. log(1/K sum of exp(logWeights)): of weights of any size.
    @Override
    public double logMeanExp(double... logWeights) {
        throw new NotWrittenException();
    }

    // 5. (sum w)^2 / sum w^2.
    @Override
    public double effectiveSampleSize(double... logWeights) {
        throw new NotWrittenException();
    }
}
