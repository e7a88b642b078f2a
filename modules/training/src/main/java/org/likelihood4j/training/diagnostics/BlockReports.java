package org.likelihood4j.training.diagnostics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.PartReport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes {@link BlockReport}s after a step: norms of the gradient that it left, and what the parts
 * report of its batch with the parameters as they are then. A step whose numbers are not finite
 * leaves the parameters alone, so that these are its own.
 */
public final class BlockReports implements AutoCloseable {
    private final List<ModelPart> blocks;
    private final TrainingProgram training;
    private final int rows;
    /** Empty if no part reports anything. */
    private final Optional<Reporting> reporting;

    /**
     * The function that parts report by.
     *
     * @param inputs which of the loss's inputs it takes
     */
    private record Reporting(CompiledFunction program, List<Integer> inputs) {
        /** The values of each output, by its name. */
        Map<String, double[]> run(List<INDArray> batch, int rows) {
            return program.outputs(inputs.stream().map(batch::get).toList(), rows)
                    .all();
        }
    }

    /**
     * Compiles what is needed.
     *
     * @param loss what {@code training} was compiled from
     * @param rows of a batch
     */
    public BlockReports(Engine engine, ModelValues values, ModelFunction loss, TrainingProgram training, int rows) {
        this.blocks = values.model().parts();
        this.training = training;
        this.rows = rows;
        this.reporting = values.model()
                .partReports()
                .map(function -> new Reporting(
                        CompiledFunction.compile(engine, function, values, rows),
                        function.inputs().stream().map(loss.inputs()::indexOf).toList()));
    }

    /**
     * Reports on the parts after a step.
     *
     * @param batch the inputs of the step, which stay open
     */
    public List<BlockReport> run(List<INDArray> batch) {
        Map<String, double[]> values =
                reporting.map(reports -> reports.run(batch, rows)).orElse(Map.of());
        List<BlockReport> reports = new ArrayList<>(blocks.size());
        for (ModelPart block : blocks) {
            Map<String, BlockReport.Spread> quantities = new LinkedHashMap<>();
            for (PartReport report : block.reports()) {
                double[] own = values.get(block.output(report));
                quantities.put(report.name(), BlockReport.Spread.of(own, report.bound()));
            }
            reports.add(new BlockReport(block.path().prefix(), gradientNorm(block), quantities));
        }
        return reports;
    }

    private double gradientNorm(ModelPart block) {
        FlatVector gradient = training.gradient();
        double squares = 0;
        for (Slot slot : gradient.slots()) {
            if (block.holds(slot.name())) {
                try (INDArray copy = gradient.read(slot.name()).dup('c')) {
                    squares += squares(copy);
                }
            }
        }
        return Math.sqrt(squares);
    }

    /**
     * In float64, where squares of float32 numbers cannot overflow; a fraction of the time of a
     * cast and ND4J's norm.
     */
    private static double squares(INDArray array) {
        if (array.dataType() == DataType.DOUBLE) {
            double norm = array.norm2Number().doubleValue();
            return norm * norm;
        }
        float[] values = new float[Math.toIntExact(array.length())];
        array.data().asNioFloat().get(values);
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return squares;
    }

    @Override
    public void close() {
        reporting.ifPresent(reports -> reports.program().close());
    }
}
