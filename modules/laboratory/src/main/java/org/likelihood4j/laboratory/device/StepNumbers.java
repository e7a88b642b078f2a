package org.likelihood4j.laboratory.device;

import org.likelihood4j.random.CounterRandom;

/**
 * What a configuration's first steps give on the made-up data of {@link DeviceComparison}, in so few numbers that they can be kept.
 *
 * @param parameters how many the model has
 * @param batch examples a step
 * @param loss of the first batch, as it is trained
 * @param gradient of that loss
 * @param way from the first weights to those after {@value DeviceComparison#STEPS} steps
 */
public record StepNumbers(long parameters, int batch, double loss, Projection gradient, Projection way) {
    /**
     * A vector in two numbers.
     *
     * @param norm its 2-norm
     * @param along its product with a fixed vector of independent standard normal numbers, in which a direction shows that the norm does not
     */
    public record Projection(double norm, double along) {
        /** Of this many standard deviations a product with normal numbers is hardly ever. */
        private static final double DEVIATIONS = 4;

        static Projection of(float[] vector) {
            double[] normal = new double[vector.length];
            CounterRandom.fillNormal(CounterRandom.key(1, "projections of vectors"), normal, 0, normal.length);
            double squares = 0;
            double along = 0;
            for (int i = 0; i < vector.length; i++) {
                squares += (double) vector[i] * vector[i];
                along += vector[i] * normal[i];
            }
            return new Projection(Math.sqrt(squares), along);
        }

        /**
         * About how far two vectors are from each other, relative to the other one's norm: of a difference d the norms' difference is |d| at
         * most, and the products' has standard deviation |d|.
         */
        double difference(Projection other) {
            return Math.max(Math.abs(norm - other.norm), Math.abs(along - other.along) / DEVIATIONS) / other.norm;
        }
    }

    /** Whether these are numbers of the same step, by what there is of it. */
    public boolean isOf(StepNumbers other) {
        return parameters == other.parameters && batch == other.batch;
    }

    /**
     * How far these are from others, the largest of loss, gradient and way, each as a part of what is tolerated.
     *
     * @return at most 1 if they agree; NaN if a number is none
     */
    public double difference(StepNumbers other, Tolerances tolerances) {
        return Math.max(
                Math.abs(loss - other.loss) / Math.abs(other.loss) / tolerances.loss(),
                Math.max(
                        gradient.difference(other.gradient) / tolerances.gradient(),
                        way.difference(other.way) / tolerances.weights()));
    }
}
