package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.likelihood4j.laboratory.verify.EvidenceChecks.Linear;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.vae.Objective;
import org.nd4j.autodiff.functions.DifferentialFunction;

/**
 * The importance-weighted loss {@code -log((w_1 + w_2)/2)}: its doubly reparameterised gradient against the gradient in full, on
 * a linear-Gaussian VAE with one latent.
 */
final class BoundChecks {
    /** For each of the two draws' eps. The weights are smooth but no polynomials: about 13 digits. */
    private static final int NODES = 24;

    private BoundChecks() {}

    /**
     * A model and an image, whose posterior is near but not at the exact one.
     *
     * @param eps the points of the quadrature over both draws' noise
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(Linear linear, Map<String, double[]> values, double[] x, Quadrature eps) {
        static Case random(RandomGenerator random) {
            Linear linear = Linear.random(2, 1, random);
            double[] x = Matrices.add(linear.b(), Draws.normal(1, 2, 0.5, random)[0]);
            Gaussian posterior = linear.posterior(x);
            double variance = posterior.covariance()[0][0];
            double[] head = {
                posterior.mean()[0] + 0.3 * random.nextGaussian() * Math.sqrt(variance),
                Math.log(variance) + 0.3 * (random.nextDouble() - 0.5)
            };
            double[][] a = Draws.normal(2, 2, 0.3, random);
            double[] c = Matrices.subtract(head, Matrices.multiply(Matrices.transpose(a), x));
            return new Case(linear, linear.values(a, c), x, Quadrature.gaussHermite(NODES, 2));
        }

        ModelFunction loss(Formulas formulas, KlEstimator estimator) {
            return linear.model(formulas, new Objective(estimator, 2, false, 0)).trainingLoss();
        }

        /** Gradients of the mean loss over all points of the quadrature, unweighted. */
        Map<String, double[]> gradient(ModelFunction loss, List<String> withRespectTo) {
            double[][] images = new double[eps.count()][];
            Arrays.fill(images, EvidenceChecks.pixels(x));
            return FormulaRun.gradients(
                    loss, withRespectTo, values, Map.of("pixels", images, "posterior", eps.points()));
        }

        /** The expectation over eps of the gradient with respect to posterior mean and log-variance. */
        double[] expectedEncoderGradient(Formulas formulas, KlEstimator estimator) {
            ModelFunction loss = loss(formulas, estimator);
            String head = resultOf(loss, "encoder/output/bias");
            double[][] perPoint = Matrices.rows(gradient(loss, List.of(head)).get(head), 2);
            double[] expectation = new double[2];
            for (int i = 0; i < perPoint.length; i++) {
                // The loss is a mean over the rows.
                double weight = eps.weights()[i] * perPoint.length;
                for (int j = 0; j < 2; j++) {
                    expectation[j] += weight * perPoint[i][j];
                }
            }
            return expectation;
        }

        /** The name of what the operation makes that takes a parameter: for a network's last bias its output. */
        private static String resultOf(ModelFunction function, String parameter) {
            for (DifferentialFunction operation : function.graph().ops()) {
                if (Arrays.asList(operation.argNames()).contains(parameter)) {
                    return operation.outputVariablesNames()[0];
                }
            }
            throw new IllegalArgumentException("nothing uses " + parameter);
        }
    }

    static Finding encoder(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Case one = Case.random(random);
        worst.compare(
                one.expectedEncoderGradient(formulas, KlEstimator.PATH),
                one.expectedEncoderGradient(formulas, KlEstimator.SAMPLED));
        return Finding.atMost(
                1e-8,
                "k = 2: E[doubly reparameterised] = E[full]",
                "encoder; product quadrature over both eps",
                worst.cases(),
                worst.error());
    }

    /** With respect to the decoder the two are the same at every eps, so also in this mean over many. */
    static Finding decoder(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Case one = Case.random(random);
        List<String> decoder = one.values().keySet().stream()
                .filter(name -> name.startsWith("decoder/"))
                .toList();
        Map<String, double[]> full = one.gradient(one.loss(formulas, KlEstimator.SAMPLED), decoder);
        Map<String, double[]> path = one.gradient(one.loss(formulas, KlEstimator.PATH), decoder);
        full.forEach((name, gradient) -> worst.compare(path.get(name), gradient));
        return Finding.atMost(
                1e-10,
                "k = 2: doubly reparameterised = full",
                "decoder; value and gradient at many eps",
                worst.cases(),
                worst.error());
    }
}
