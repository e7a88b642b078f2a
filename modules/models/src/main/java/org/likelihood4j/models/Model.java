package org.likelihood4j.models;

import java.util.List;
import java.util.Optional;

/**
 * A likelihood-based generative model of images of integer pixels, or of rows of real numbers: what
 * one example is, its layouts and its named functions. Functions build a fresh graph at each call.
 *
 * <p>Data are shown as intensities, nominally in [0, 1], of images; as the numbers themselves, in
 * their own units, of rows.
 */
public interface Model {
    /** What one example is. */
    EventShape shape();

    /** Whether the stored data are 8-bit pixels; else they are real numbers. */
    boolean hasPixels();

    /**
     * What its latent is; of a flow as many numbers as an example has.
     *
     * @throws IllegalStateException if {@link #latentGeometry} is empty
     */
    EventShape latentShape();

    /**
     * How many latents each of its scales has, from the finest on, in the order of the latent: of most models all are of one.
     *
     * @throws IllegalStateException if {@link #latentGeometry} is empty
     */
    default List<Integer> latentScales() {
        return List.of(latentShape().size());
    }

    /**
     * What its latent space is like. Empty where it has none: then {@link #encode}, {@link
     * #decode}, {@link #reconstruct} and {@link #latentShape} throw IllegalStateException.
     */
    Optional<LatentGeometry> latentGeometry();

    /** What is trained. */
    ParameterLayout parameters();

    /**
     * Statistics and constants that are not trained but are part of the model; they are saved with
     * it.
     */
    ParameterLayout buffers();

    /** In the order in which they must run. */
    List<DataInitialization> dataInitializations();

    /**
     * Data and noise to the scalar that is minimised (nats), followed by {@link #metrics()}, each
     * {@code [N]}, and by what else the kind of the model says ({@link
     * LatentVariableModel#KL_SAMPLED_VARIANCE}).
     */
    ModelFunction trainingLoss();

    /** The same of a model that is used, where nothing is done that only a training does, such as dropping units: no other inputs. */
    default ModelFunction evaluationLoss() {
        return trainingLoss();
    }

    /**
     * The per-example outputs of {@link #trainingLoss()} after the loss, in nats that no weight
     * scales. The first one is the bound or the log-likelihood by which models are compared.
     */
    List<Metric> metrics();

    /** What one example takes in a training step; a guess unless the model has counted. */
    default Footprint footprint() {
        return Footprint.guess(shape(), parameters());
    }

    /** The class that every function of the model is given with each example, where there is one. */
    default Optional<FunctionInput.Condition> condition() {
        return trainingLoss().inputs().stream()
                .filter(FunctionInput.Condition.class::isInstance)
                .map(FunctionInput.Condition.class::cast)
                .findFirst();
    }

    /**
     * The columns of a row that the model is told, where there are any: its densities are of the others, given these, and functions
     * without data take these as an input.
     */
    default Optional<FunctionInput.Given> given() {
        return Optional.empty();
    }

    /**
     * Whether what the model sees of an example is drawn at random, anew in every epoch, and once
     * for an evaluation: dynamic binarisation.
     */
    default boolean drawsItsData() {
        return trainingLoss().inputs().stream()
                .anyMatch(input -> input instanceof FunctionInput.NoiseInput noise && noise.renewal() == Renewal.EPOCH);
    }

    /** Whether what is minimised is of data; else the model learns from its own draws, and {@link #metrics()} are of these. */
    default boolean learnsFromData() {
        return trainingLoss().inputs().stream().anyMatch(FunctionInput.Data.class::isInstance);
    }

    /**
     * The parts that a training is watched by, in the order of the forward pass: each parameter
     * belongs to exactly one.
     */
    List<ModelPart> parts();

    /**
     * Inputs of {@link #trainingLoss()} to what is reported of the parts: for each {@link
     * PartReport} of a part the {@link FunctionOutput.Matrix} that {@link ModelPart#output} names.
     * (N rows for each draw that the loss makes of an example.)
     *
     * @return empty if no part reports anything
     */
    default Optional<ModelFunction> partReports() {
        return Optional.empty();
    }

    /**
     * Whether the scalar that is minimised is not minus the mean of the first metric, because terms
     * are weighted or estimated in another way: then it is worth a column of its own.
     */
    default boolean hasWeightedLoss() {
        return false;
    }

    /**
     * Whether {@link #logWeight()} is the log of an unbiased estimate of the probability (density)
     * of the stored data. If not, no number of this model may be called a likelihood.
     */
    boolean hasLikelihood();

    /**
     * Whether that likelihood is the stored integers' own (a density over unit cells of dequantised
     * pixels), so that {@code -log p/(D ln 2)} is bits/dim of the data.
     */
    boolean hasBitsPerDimension();

    /** Whether that likelihood is the probability of pixels that are 0 or 1, which the stored ones are made (binarised) for it. */
    default boolean isOfBinaryPixels() {
        return false;
    }

    /**
     * Data and noise to {@code log w [N]}, nats, where the expectation of w over the noise is
     * p(data): for a VAE {@code log p(x|z) + log p(z) - log q(z|x)}, for a flow the exact
     * log-density, of images that of the dequantised pixels, scaled to the stored integers.
     *
     * @throws IllegalStateException if the model has no likelihood
     */
    ModelFunction logWeight();

    /**
     * Data of which cells are missing, and noise, to {@code log_weight [N]} as {@link #logWeight} has it, of the cells that are there, and
     * {@code completed [N, size]}: data drawn at the same latent, as they are shown. Empty of a model that cannot leave cells out.
     */
    default Optional<ModelFunction> complete() {
        return Optional.empty();
    }

    /**
     * Data and noise to the latent {@code [N, latent]}: the posterior mean of a VAE, or what the
     * posterior's flow makes of its Gaussian's; the forward pass of a flow.
     */
    ModelFunction encode();

    /** Latent {@code [N, latent]} to data as they are shown {@code [N, size]}. */
    ModelFunction decode();

    /** Prior noise {@code [N, latent]} to data as they are shown {@code [N, size]}. */
    ModelFunction sample();

    /**
     * Data and noise to two outputs {@code [N, size]}: what the model was shown and what it makes
     * of it, both as data are shown.
     */
    ModelFunction reconstruct();
}
