package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;

/**
 * A kind of network, before it is known what it takes and makes: couplings and VAEs ask it for
 * their networks.
 */
public interface LayerFactory {
    /**
     * A network between two shapes.
     *
     * @param path of its parameters
     */
    Layer create(ParameterPath path, EventShape in, EventShape out);

    /** The same kind of network, which is told the class of each example too. */
    default LayerFactory given(FunctionInput.Condition condition) {
        return new Conditioned(this, condition.classes(), g -> g.condition(condition));
    }

    /** The same kind of network of rows, which is told so many numbers of each example, {@link GraphBuilder#told}, beside them. */
    default LayerFactory told(int numbers) {
        return new Conditioned(this, numbers, GraphBuilder::told);
    }

    /**
     * The same kind of network of rows, which sees so many numbers of the graph's {@link
     * GraphBuilder#context} beside them.
     */
    default LayerFactory seeing(int context) {
        if (context < 0) {
            throw new IllegalArgumentException("context must be at least 0, was " + context);
        }
        return context == 0 ? this : new Conditioned(this, context, GraphBuilder::context);
    }

    /**
     * The same, but with last weights of 0, so that its first output is exactly 0 for every input.
     */
    Layer startingAtZero(ParameterPath path, EventShape in, EventShape out);
}
