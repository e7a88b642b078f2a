package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.export.ModelExport;
import org.likelihood4j.inference.export.ModelImport;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.RunDirectory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A prior is fitted to the latents of a trained encoder, and nothing else changes. */
class PriorAloneTest {
    private static final String PRIOR = "prior/";

    @TempDir
    private static Path folder;

    private static RunDirectory before;
    private static RunDirectory after;

    @BeforeAll
    static void train() {
        before = TinyRun.train(folder, TinyRun.config(TinyRun.VAE, "name=before", "training.emaDecay=0.9"));
        after = TinyRun.train(folder, config("after"));
    }

    private static RunConfig config(String name) {
        return TinyRun.config(
                TinyRun.VAE,
                "name=" + name,
                "model.prior={type: mixture, components: 5}",
                "training.startFrom=" + before.path(),
                "training.only=prior",
                "training.optimizer.learningRate=0.02",
                "training.epochs=3");
    }

    @Test
    void onlyThePriorChanges() throws IOException {
        Map<String, double[]> averaged = tensors(before, "epoch-0002", "ema/");
        Map<String, double[]> first = tensors(after, "epoch-0002", "");
        Map<String, double[]> last = tensors(after, "epoch-0003", "");
        assertThat(last.keySet()).containsAll(averaged.keySet());
        averaged.forEach((name, values) -> assertThat(last.get(name)).as(name).isEqualTo(values));
        assertThat(last.keySet().stream().filter(name -> name.startsWith(PRIOR)))
                .hasSize(3)
                .allSatisfy(name -> assertThat(last.get(name)).isNotEqualTo(first.get(name)));
        assertThat(last.keySet().stream().filter(name -> !name.startsWith(PRIOR)))
                .allSatisfy(name -> assertThat(last.get(name)).isEqualTo(first.get(name)));
    }

    /** The reconstruction does not know the prior; the KL is what becomes less. */
    @Test
    void theBoundRisesByTheKlAlone() throws IOException {
        List<Double> reconstruction = ofEpochs("reconstruction");
        List<Double> kl = ofEpochs("kl_sampled");
        assertThat(reconstruction)
                .hasSizeGreaterThan(1)
                .allSatisfy(value -> assertThat(value).isCloseTo(reconstruction.get(0), within(1e-3)));
        assertThat(kl.get(kl.size() - 1)).isLessThan(kl.get(0) - 0.1);
    }

    private static List<Double> ofEpochs(String metric) throws IOException {
        return TinyRun.lines(after, "epoch").stream()
                .map(line -> line.at("/validation/" + metric))
                .filter(value -> !value.isMissingNode())
                .map(value -> value.asDouble())
                .toList();
    }

    /** Its gradient is that of the whole model at the same values. */
    @Test
    void theGradientIsThatOfTheWholeModel() {
        RunConfig alone = config("alone");
        RunConfig whole = TinyRun.config(TinyRun.VAE, "model.prior={type: mixture, components: 5}");
        Map<String, double[]> some = gradient(alone);
        Map<String, double[]> all = gradient(whole);
        assertThat(some).hasSize(3);
        some.forEach((name, values) -> assertThat(values).as(name).containsExactly(all.get(name), within(1e-5)));
        assertThat(some.values()).allSatisfy(values -> assertThat(values).isNotEqualTo(new double[values.length]));
    }

    private static Map<String, double[]> gradient(RunConfig config) {
        Model model = ModelBuilder.create(config, TinyRun.data(config).train().shape());
        ModelValues values = ModelValues.initial(model, DataType.FLOAT, 1);
        ModelFunction loss = model.trainingLoss();
        Batch batch = Batches.evaluation(
                TinyRun.data(config).train(), config.training().batch(), 0);
        List<INDArray> inputs = InputArrays.of(loss.inputs(), values.type(), batch, NoiseKeys.training(1, 0));
        Map<String, double[]> gradient = new TreeMap<>();
        try (TrainingProgram program = StepCompiler.compile(config, loss, values)) {
            program.evaluate(inputs);
            FlatVector vector = program.gradient();
            for (Slot slot : vector.slots()) {
                INDArray view = vector.view(slot.name());
                gradient.put(slot.name(), view.dup().reshape(view.length()).toDoubleVector());
            }
        }
        return gradient;
    }

    @Test
    void itGoesOnToTheBit() throws IOException {
        RunDirectory stopped = TinyRun.killedAt(folder, config("after"), 25);
        TinyRun.resume(stopped, List.of());
        TinyRun.assertSame(stopped, after);
    }

    /** Whoever imports it has a whole model, all of which can be trained. */
    @Test
    void anExportIsAWholeModel() throws IOException {
        Path export = folder.resolve("export");
        ModelExport.write(after, "last", export);
        RunDirectory imported = ModelImport.read(export, folder, List.of("name=imported"));
        assertThat(imported.readConfig().training().only()).isNull();
        assertThat(tensors(imported, "epoch-0000", "").keySet())
                .isEqualTo(tensors(after, "epoch-0003", "").keySet());
        assertThat(TinyRun.open(imported, "best").sample(3, 1, 5).toArray(byte[][]::new))
                .isDeepEqualTo(TinyRun.open(after, "last").sample(3, 1, 5).toArray(byte[][]::new));
    }

    /** Of its weights the prior alone has an average; the rest is what it is. */
    @Test
    void allOfItCanBeTrainedOn() throws IOException {
        RunConfig averaged = ConfigLoader.load(after.config(), List.of("name=averaged", "training.emaDecay=0.9"));
        RunDirectory fitted = TinyRun.train(folder, averaged);
        RunDirectory on = TinyRun.train(
                folder,
                ConfigLoader.load(
                        fitted.config(),
                        List.of(
                                "name=on",
                                "training.only=null",
                                "training.startFrom=" + fitted.path(),
                                "training.optimizer={type: sgd, learningRate: 1e-30}",
                                "training.emaDecay=null",
                                "training.epochs=1")));
        Map<String, double[]> all = tensors(on, "epoch-0001", "");
        tensors(fitted, "epoch-0003", "ema/")
                .forEach((name, values) -> assertThat(all.get(name)).as(name).isEqualTo(values));
        tensors(before, "epoch-0002", "ema/")
                .forEach((name, values) -> assertThat(all.get(name)).as(name).isEqualTo(values));
    }

    @Test
    void theRestHasToFit() {
        RunConfig other = TinyRun.config(
                TinyRun.VAE,
                "model.latent=5",
                "model.prior={type: mixture}",
                "training.startFrom=" + before.path(),
                "training.only=prior");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.train(folder, other))
                .withMessageContaining("has another model.latent than this configuration");
    }

    private static Map<String, double[]> tensors(RunDirectory run, String checkpoint, String prefix)
            throws IOException {
        Map<String, double[]> tensors = new TreeMap<>();
        for (Tensor tensor : Safetensors.read(
                        run.path().resolve("checkpoints").resolve(checkpoint).resolve("weights.safetensors"))
                .tensors()) {
            if (tensor.name().startsWith(prefix)) {
                tensors.put(tensor.name().substring(prefix.length()), doubles(tensor));
            }
        }
        return tensors;
    }

    private static double[] doubles(Tensor tensor) {
        float[] floats = tensor.toFloats();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }
}
