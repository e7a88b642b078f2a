package org.likelihood4j.laboratory.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.laboratory.verify.FormulaRun;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;

/** Looks for NaN and infinity: in what was saved, and in whatever a model computes from likely and unlikely images. */
final class FiniteAudit {
    private static final int ROWS = 16;
    private static final int WHITE = 255;

    private final Audit.Subject subject;

    FiniteAudit(Audit.Subject subject) {
        this.subject = subject;
    }

    void run(Consumer<Finding> sink) {
        FlatVector parameters = subject.values().parameters();
        FlatVector buffers = subject.values().buffers();
        sink.accept(values("parameters are finite", "NaN or infinite, of those in use", parameters));
        if (buffers != null) {
            sink.accept(values("buffers are finite", "NaN or infinite, of those in use", buffers));
        }
        int dimension = subject.model().shape().size();
        AuditInputs data = subject.images();
        if (subject.model().hasPixels()) {
            ofData("test images", data, sink);
            ofData("black images", AuditInputs.constant(ROWS, dimension, 0, subject.random()), sink);
            ofData("white images", AuditInputs.constant(ROWS, dimension, WHITE, subject.random()), sink);
            ofData("random images", AuditInputs.random(ROWS, dimension, subject.random()), sink);
        } else {
            ofData("test rows", data, sink);
            ofData("rows at the mean", data.at(0), sink);
            ofData("rows 10 deviations above", data.at(10), sink);
            ofData("rows 10 deviations below", data.at(-10), sink);
        }
        sink.accept(outputs(
                "outputs are finite: prior draws",
                data,
                hasLatent()
                        ? List.of(subject.model().sample(), subject.model().decode())
                        : List.of(subject.model().sample())));
    }

    private void ofData(String what, AuditInputs feed, Consumer<Finding> sink) {
        sink.accept(outputs("outputs are finite: " + what, feed, ofData()));
    }

    private boolean hasLatent() {
        return subject.model().latentGeometry().isPresent();
    }

    /** Functions whose input are data. */
    private List<ModelFunction> ofData() {
        Model model = subject.model();
        List<ModelFunction> functions = new ArrayList<>(List.of(model.evaluationLoss()));
        if (hasLatent()) {
            functions.add(model.encode());
            functions.add(model.reconstruct());
        }
        if (model.hasLikelihood()) {
            functions.add(model.logWeight());
        }
        if (model instanceof LatentVariableModel latent) {
            functions.add(latent.posterior());
        }
        return functions;
    }

    /**
     * Everything in a checkpoint's weights file: where a run keeps a moving average, that is what is used, and the weights
     * themselves, from which a training would go on, are seen here only.
     */
    static Finding saved(Path weights) {
        long cases = 0;
        long bad = 0;
        try {
            for (Tensor tensor : Safetensors.read(weights).tensors()) {
                cases += tensor.elements();
                bad += switch (tensor.dtype()) {
                    case F32 -> notFinite(doubles(tensor.toFloats()));
                    case F64 -> notFinite(tensor.toDoubles());
                    case I64 -> 0;
                };
            }
        } catch (IOException e) {
            throw new RunException(weights + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return Finding.atMost(
                0, "saved tensors are finite", "NaN or infinite, in " + weights.getFileName(), cases, (double) bad);
    }

    private static double[] doubles(float... values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static Finding values(String formula, String compared, FlatVector vector) {
        double[] values = vector.flat().dup().data().asDouble();
        return Finding.atMost(0, formula, compared, vector.length(), (double) notFinite(values));
    }

    private Finding outputs(String formula, AuditInputs feed, List<ModelFunction> functions) {
        long cases = 0;
        long bad = 0;
        for (ModelFunction function : functions) {
            OutputValues outputs;
            try (CompiledFunction compiled = FormulaRun.of(function, subject.values(), feed.rows())) {
                outputs = compiled.overInputs(feed.inputs(function));
            }
            for (double[] output : outputs.all().values()) {
                cases += output.length;
                bad += notFinite(output);
            }
        }
        String compared = String.format("NaN or infinite, %d functions, %s", functions.size(), subject.precision());
        return Finding.atMost(0, formula, compared, cases, (double) bad);
    }

    private static long notFinite(double... values) {
        return DoubleStream.of(values).filter(v -> !Double.isFinite(v)).count();
    }
}
