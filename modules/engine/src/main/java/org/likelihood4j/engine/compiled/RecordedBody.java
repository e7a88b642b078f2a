package org.likelihood4j.engine.compiled;

import java.util.List;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.graph.GraphBinding;
import org.likelihood4j.engine.graph.LibraryOperation;
import org.likelihood4j.engine.graph.Recording;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs the operations of a recorded session again, in their order: any type, no session. */
final class RecordedBody implements Body {
    private final Recording recording;
    private final List<INDArray> inputs;
    private final LibraryOperation[] operations;
    private final List<INDArray> outputs;
    private final FlatVector gradient;
    private final FlatVector[] vectors;

    RecordedBody(Computation computation, Recording recording, FlatVector gradient, FlatVector... vectors) {
        this.recording = recording;
        this.gradient = gradient;
        this.vectors = vectors;
        this.inputs = computation.inputs().stream()
                .map(input -> recording.array(input.name()))
                .toList();
        this.outputs = computation.outputs().stream().map(recording::array).toList();
        this.operations =
                recording.entries().stream().map(Recording.Entry::prepared).toArray(LibraryOperation[]::new);
    }

    @Override
    public void run(List<INDArray> arrays) {
        GraphBinding.refresh(vectors);
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).assign(arrays.get(i));
        }
        for (LibraryOperation operation : operations) {
            operation.run();
        }
        if (gradient != null) {
            List<Slot> slots = gradient.slots();
            int first = outputs.size() - slots.size();
            for (int i = 0; i < slots.size(); i++) {
                gradient.view(slots.get(i).name()).assign(outputs.get(first + i));
            }
        }
    }

    @Override
    public int size(int output) {
        return Math.toIntExact(outputs.get(output).length());
    }

    @Override
    public void read(int output, double[] values) {
        double[] all = outputs.get(output).dup('c').reshape(values.length).toDoubleVector();
        System.arraycopy(all, 0, values, 0, values.length);
    }

    @Override
    public INDArray copy(int output) {
        return outputs.get(output).dup();
    }

    @Override
    public void close() {
        recording.close();
        inputs.forEach(INDArray::close);
    }
}
