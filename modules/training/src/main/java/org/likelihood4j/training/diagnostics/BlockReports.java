package org.likelihood4j.training.diagnostics;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.Block;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes {@link BlockReport}s after a step: norms of the gradient that it left, and log-scales of its batch with the parameters
 * as they are then. A step whose numbers are not finite leaves the parameters alone, so that these are its own log-scales.
 */
public final class BlockReports implements AutoCloseable {
    private final List<Block> blocks;
    private final TrainingProgram training;
    private final int rows;
    /** Null if no block has log-scales. */
    private final CompiledFunction logScales;
    /** Which of the loss's inputs it takes. */
    private final List<Integer> inputs;

    /**
     * Compiles what is needed.
     *
     * @param loss what {@code training} was compiled from
     * @param rows of a batch
     */
    public BlockReports(Engine engine, ModelValues values, ModelFunction loss, TrainingProgram training, int rows) {
        this.blocks = values.model().blocks();
        this.training = training;
        this.rows = rows;
        ModelFunction function = values.model().logScales().orElse(null);
        this.logScales = function == null ? null : CompiledFunction.compile(engine, function, values, rows);
        this.inputs = function == null
                ? List.of()
                : function.inputs().stream().map(loss.inputs()::indexOf).toList();
    }

    /**
     * Reports on the parts after a step.
     *
     * @param batch the inputs of the step, which stay open
     */
    public List<BlockReport> run(List<INDArray> batch) {
        List<double[]> scales = logScales == null
                ? List.of()
                : logScales.outputs(inputs.stream().map(batch::get).toList(), rows);
        List<BlockReport> reports = new ArrayList<>(blocks.size());
        int next = 0;
        for (Block block : blocks) {
            String name = block.path().prefix();
            double norm = gradientNorm(block);
            if (block.logScaleBound().isPresent()) {
                double bound = block.logScaleBound().getAsDouble();
                reports.add(new BlockReport(
                        name,
                        norm,
                        BlockReport.LogScale.of(scales.get(next), bound),
                        BlockReport.LogScale.of(scales.get(next + 1), bound)));
                next += 2;
            } else {
                reports.add(new BlockReport(name, norm, null, null));
            }
        }
        return reports;
    }

    private double gradientNorm(Block block) {
        FlatVector gradient = training.gradient();
        double squares = 0;
        for (Slot slot : gradient.slots()) {
            if (block.holds(slot.name())) {
                try (INDArray copy = gradient.view(slot.name()).dup('c')) {
                    squares += squares(copy);
                }
            }
        }
        return Math.sqrt(squares);
    }

    /** In float64, where squares of float32 numbers cannot overflow; a fraction of the time of a cast and ND4J's norm. */
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
        if (logScales != null) {
            logScales.close();
        }
    }
}
