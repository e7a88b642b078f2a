package org.likelihood4j.models.layers;

import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/** An elementwise nonlinearity and the initialisation that suits it. */
public enum Activation {
    /** max(x, 0). */
    RELU {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return g.sameDiff().nn().relu(x, 0);
        }

        @Override
        Initializer weights(long in, long out) {
            return Initializer.fanIn(in);
        }
    },
    TANH {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return g.sameDiff().math().tanh(x);
        }
    },
    /** x for x > 0, else exp(x) - 1 (Clevert et al. 2016). */
    ELU {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return g.sameDiff().nn().elu(x);
        }

        @Override
        Initializer weights(long in, long out) {
            return Initializer.fanIn(in);
        }
    },
    /** log(1 + exp(x)). */
    SOFTPLUS {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return StableOps.softplus(x);
        }
    },
    SIGMOID {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return g.sameDiff().nn().sigmoid(x);
        }
    },
    /** x * sigmoid(x) (also called SiLU). */
    SWISH {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return x.mul(g.sameDiff().nn().sigmoid(x));
        }

        @Override
        Initializer weights(long in, long out) {
            return Initializer.fanIn(in);
        }
    },
    IDENTITY {
        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return x;
        }
    };

    /** Elementwise, any shape. */
    public abstract SDVariable apply(GraphBuilder g, SDVariable x);

    Initializer weights(long in, long out) {
        return Initializer.glorot(in, out);
    }
}
