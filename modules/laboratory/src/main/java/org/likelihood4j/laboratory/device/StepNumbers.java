package org.likelihood4j.laboratory.device;

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
    public StepNumbers {
        if (gradient == null || way == null) {
            throw new IllegalArgumentException("gradient or way is null");
        }
    }

    /**
     * How far these are from others, the largest of loss, gradient and way, each as a part of what is tolerated.
     *
     * @return at most 1 if they agree; infinite if there are other parameters or examples; NaN if a number is none
     */
    public double difference(StepNumbers other, Tolerances tolerances) {
        if (parameters != other.parameters || batch != other.batch) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(
                Math.abs(loss - other.loss) / Math.abs(other.loss) / tolerances.loss(),
                Math.max(
                        gradient.difference(other.gradient) / tolerances.gradient(),
                        way.difference(other.way) / tolerances.weights()));
    }
}
