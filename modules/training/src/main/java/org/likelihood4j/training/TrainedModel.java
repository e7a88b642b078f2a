package org.likelihood4j.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.data.CounterRandom;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.training.config.RunConfig;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model with its trained values: samples and reconstructs.
 *
 * @param config the run's configuration
 * @param shape of the images it was trained on
 * @param values the moving average of the parameters where the run keeps one, else the parameters
 */
public record TrainedModel(RunConfig config, ImageShape shape, ModelValues values) {
    /** Rows computed at once. */
    private static final int ROWS = 64;

    /**
     * Opens a checkpoint of a run.
     *
     * @param checkpoint {@code last}, {@code best} or a checkpoint's name
     * @param shape of the run's images
     * @throws TrainingException if the run or the checkpoint is missing, damaged, or not of this model
     */
    public static TrainedModel open(RunDirectory run, String checkpoint, ImageShape shape) {
        RunConfig config = run.readConfig();
        Path folder = new Checkpoints(run).locate(checkpoint);
        CheckpointFiles.readState(folder);
        Model model = ModelFactory.create(config, shape);
        MemoryNeed.checkOpening(config, model);
        ModelValues values = ModelValues.zeros(model, ModelFactory.type(config.precision()));
        CheckpointFiles.readWeights(folder, values);
        return new TrainedModel(config, shape, values);
    }

    /**
     * Draws images from the model: its prior's normal noise is scaled by the temperature; image i is the same
     * whatever the count.
     *
     * @param temperature scales the prior's noise: 1 for the model itself, below 1 for more typical images
     * @throws DivergenceException if an image has a pixel that is not a number
     */
    public List<byte[]> sample(int count, double temperature, long seed) {
        ModelFunction function = values.model().sample();
        long key = CounterRandom.key(seed, "sample");
        List<byte[]> images = new ArrayList<>(count);
        try (FunctionProgram program = FunctionProgram.compile(ModelFactory.engine(config), function, values, ROWS)) {
            for (int start = 0; start < count; start += ROWS) {
                int first = start;
                List<INDArray> arrays = new ArrayList<>();
                for (FunctionInput input : function.inputs()) {
                    FunctionInput.NoiseInput noise = (FunctionInput.NoiseInput) input;
                    // Each input has noise of its own; the first one's is that of the seed alone.
                    long own = arrays.isEmpty() ? key : CounterRandom.key(key, noise.name());
                    INDArray array =
                            Inputs.noise(noise, values.type(), ROWS, row -> CounterRandom.key(own, first + row));
                    arrays.add(noise.distribution() == Noise.NORMAL ? array.muli(temperature) : array);
                }
                List<double[]> outputs = program.run(arrays, Math.min(ROWS, count - start));
                images.addAll(Images.of(outputs.get(0), shape.size(), "sample"));
            }
        }
        return images;
    }

    /**
     * Images and what the model makes of them.
     *
     * @param originals as the model was shown them (binarised, or dequantised and cut back)
     * @param largestError largest absolute difference of intensities between the two, 1 being white
     */
    public record Reconstruction(List<byte[]> originals, List<byte[]> reconstructions, double largestError) {}

    /**
     * Reconstructs the first images of a set: for a VAE the mean image at the posterior mean, for a flow the exact inversion of
     * the forward pass.
     *
     * @param split the set's name, for the noise that shows it to the model
     */
    public Reconstruction reconstruct(ImageSet set, int count, String split) {
        ImageSet images = set.slice(0, Math.min(count, set.size()));
        List<byte[]> originals = new ArrayList<>();
        List<byte[]> reconstructions = new ArrayList<>();
        double[] largest = {0};
        NoiseKeys keys = NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), split, 0);
        try (FunctionProgram program = FunctionProgram.compile(
                ModelFactory.engine(config), values.model().reconstruct(), values, ROWS)) {
            program.overSet(images, keys, (batch, outputs) -> {
                double[] seen = outputs.get(0);
                double[] back = outputs.get(1);
                for (int i = 0; i < seen.length; i++) {
                    largest[0] = Math.max(largest[0], Math.abs(seen[i] - back[i]));
                }
                originals.addAll(Images.of(seen, shape.size(), "original"));
                reconstructions.addAll(Images.of(back, shape.size(), "reconstruction"));
            });
        }
        return new Reconstruction(originals, reconstructions, largest[0]);
    }
}
