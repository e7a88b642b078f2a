package org.likelihood4j.engine.compiled;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.Program;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.graph.GraphBinding;
import org.likelihood4j.engine.graph.Recording;
import org.likelihood4j.engine.graph.UnsupportedGraphException;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.reference.LibraryUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compiles graphs to static programs. Float32 graphs become planned programs with fused kernels; others run the recorded
 * operations of one session run; a graph that only a session can run is left to the reference engine.
 */
public final class CompiledEngine implements Engine {
    private final Device device;
    private final Narrowing narrowing;

    /** For one device, whose memory holds the vectors. */
    public CompiledEngine(Device device) {
        this(device, Narrowing.NONE);
    }

    /**
     * In mixed precision: for graphs that become plans only, so that none is computed in another one unseen.
     *
     * @param narrowing which products multiply bfloat16s
     */
    public CompiledEngine(Device device, Narrowing narrowing) {
        this.device = device;
        this.narrowing = narrowing;
    }

    @Override
    public Program compile(Computation computation, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        try {
            return new CompiledProgram(computation, body(computation, null, vectors));
        } catch (UnsupportedGraphException e) {
            requireUnmixed(e.getMessage());
            return Engines.reference().compile(computation, vectors);
        }
    }

    @Override
    public Program compileGradient(Computation computation, List<String> withRespectTo, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        Computation differentiated = GraphBinding.differentiate(computation, withRespectTo);
        GraphBinding.rebind(differentiated.graph(), vectors);
        try {
            return new CompiledProgram(differentiated, body(differentiated, null, vectors));
        } catch (UnsupportedGraphException e) {
            requireUnmixed(e.getMessage());
            return Engines.reference().compileGradient(computation, withRespectTo, vectors);
        }
    }

    @Override
    public TrainingProgram compileTraining(
            Computation computation, FlatVector parameters, UpdateRule rule, FlatVector... constants) {
        FlatVector[] all = GraphBinding.all(parameters, constants);
        GraphBinding.bind(computation.graph(), all);
        List<String> wanted = parameters.slots().stream().map(Slot::name).toList();
        Computation differentiated = GraphBinding.differentiate(computation, wanted);
        GraphBinding.rebind(differentiated.graph(), all);
        FlatVector gradient = parameters.like();
        try {
            Body body = body(differentiated, gradient, all);
            Updater updater = parameters.type() == DataType.FLOAT
                    ? device.updater(rule, parameters, gradient)
                    : new LibraryUpdater(rule, parameters, gradient);
            return new CompiledTraining(computation, body, parameters, gradient, updater);
        } catch (UnsupportedGraphException e) {
            requireUnmixed(e.getMessage());
            return Engines.reference().compileTraining(computation, parameters, rule, constants);
        }
    }

    /** What is not planned is computed in its own types. */
    private void requireUnmixed(String why) {
        if (narrowing != Narrowing.NONE) {
            throw new IllegalArgumentException("mixed precision is for float32 graphs that can be planned, but " + why);
        }
    }

    /** A body for the recorded graph; the gradient, if there is one, takes the last outputs. */
    private Body body(Computation computation, FlatVector gradient, FlatVector... vectors) {
        DataType type = type(computation, vectors);
        Map<String, INDArray> inputs = new LinkedHashMap<>();
        for (Input input : computation.inputs()) {
            long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
            inputs.put(input.name(), Nd4j.zeros(input.type(), shape));
        }
        Recording recording = Recording.of(computation.graph(), type, inputs, computation.outputs());
        // Plans know float32 only: also of what is handed over and returned.
        boolean single = computation.inputs().stream().allMatch(input -> input.type() == DataType.FLOAT)
                && computation.outputs().stream()
                        .allMatch(output -> recording.array(output).dataType() == DataType.FLOAT);
        if (type != DataType.FLOAT || !single) {
            requireUnmixed("it is " + type + ", or has inputs or outputs of other types");
            return new RecordedBody(computation, recording, gradient, vectors);
        }
        Body body = new PlannedBody(computation, recording, gradient, device, narrowing, vectors);
        inputs.values().forEach(INDArray::close);
        return body;
    }

    /** The type that a graph computes with. */
    public static DataType type(Computation computation, FlatVector... vectors) {
        if (vectors.length > 0) {
            return vectors[0].type();
        }
        return computation.inputs().isEmpty()
                ? DataType.DOUBLE
                : computation.inputs().get(0).type();
    }
}
