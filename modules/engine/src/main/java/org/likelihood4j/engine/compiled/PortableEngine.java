package org.likelihood4j.engine.compiled;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.graph.GraphBinding;
import org.likelihood4j.engine.graph.GraphReader;
import org.likelihood4j.engine.graph.Recording;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.UnportableException;
import org.likelihood4j.engine.planning.PortablePlanner;
import org.likelihood4j.engine.planning.PortablePlanner.Sized;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compiles graphs to programs that others run. */
public final class PortableEngine {
    /** Numbers of examples, primes that graphs have no reason to have as sizes of their own. */
    private static final int ONE = 13;

    private static final int OTHER = 17;

    private PortableEngine() {}

    /**
     * Compiles a computation without gradients.
     *
     * @param sized the same computation for any number of examples, each with a graph of its own
     * @throws UnportableException if it has an operation that no portable program has; one line
     */
    public static PortableProgram compile(IntFunction<Computation> sized, FlatVector... vectors) {
        Computation one = sized.apply(ONE);
        return PortablePlanner.plan(
                recorded(one, ONE, vectors), recorded(sized.apply(OTHER), OTHER, vectors), one.outputs());
    }

    private static Sized recorded(Computation computation, int examples, FlatVector... vectors) {
        GraphBinding.bind(computation.graph(), vectors);
        DataType type = CompiledEngine.type(computation, vectors);
        Map<String, INDArray> inputs = new LinkedHashMap<>();
        for (Input input : computation.inputs()) {
            long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
            inputs.put(input.name(), Nd4j.zeros(input.type(), shape));
        }
        Recording recording = Recording.of(computation.graph(), type, inputs, List.copyOf(computation.outputs()));
        try {
            return new Sized(GraphReader.read(computation.graph(), recording, type, vectors), examples);
        } finally {
            recording.close();
            inputs.values().forEach(INDArray::close);
        }
    }
}
