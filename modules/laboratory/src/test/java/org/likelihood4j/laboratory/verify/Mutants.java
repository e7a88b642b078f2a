package org.likelihood4j.laboratory.verify;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.models.vae.Prior;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/** Production classes with one formula bent. */
public final class Mutants {
    private Mutants() {}

    /** Whose inverse is off, or whose log-determinant. */
    record BentBijector(Bijector inner, double inverse, double logDet) implements Bijector {
        @Override
        public EventShape inputShape() {
            return inner.inputShape();
        }

        @Override
        public EventShape outputShape() {
            return inner.outputShape();
        }

        @Override
        public Result forward(GraphBuilder g, SDVariable x) {
            Result result = inner.forward(g, x);
            return new Result(result.value(), result.logDet().mul(logDet));
        }

        @Override
        public Result inverse(GraphBuilder g, SDVariable y) {
            Result result = inner.inverse(g, y);
            return new Result(result.value().mul(inverse), result.logDet().mul(logDet));
        }

        @Override
        public List<Parameter> parameters() {
            return inner.parameters();
        }
    }

    /** Followed by a scale of all numbers, which the inverse and the log-determinant know of. */
    record Stretched(Bijector inner, double factor) implements Bijector {
        @Override
        public EventShape inputShape() {
            return inner.inputShape();
        }

        @Override
        public EventShape outputShape() {
            return inner.outputShape();
        }

        @Override
        public Result forward(GraphBuilder g, SDVariable x) {
            Result result = inner.forward(g, x);
            return new Result(result.value().mul(factor), result.logDet().add(logDet()));
        }

        @Override
        public Result inverse(GraphBuilder g, SDVariable y) {
            Result result = inner.inverse(g, y.div(factor));
            return new Result(result.value(), result.logDet().sub(logDet()));
        }

        private double logDet() {
            return inner.inputShape().size() * Math.log(factor);
        }

        @Override
        public List<Parameter> parameters() {
            return inner.parameters();
        }
    }

    /** Followed by {@code y M}: a bijection with a right inverse and log-determinant, but not the one that was derived. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Followed(Bijector inner, double[][] matrix) implements Bijector {
        @Override
        public EventShape inputShape() {
            return inner.inputShape();
        }

        @Override
        public Result forward(GraphBuilder g, SDVariable x) {
            Result result = inner.forward(g, x);
            SDVariable value = result.value().mmul(g.sameDiff().constant(Nd4j.createFromArray(matrix)));
            return new Result(value, result.logDet().add(Matrices.logAbsDet(matrix)));
        }

        @Override
        public Result inverse(GraphBuilder g, SDVariable y) {
            SDVariable back = y.mmul(g.sameDiff().constant(Nd4j.createFromArray(Matrices.inverse(matrix))));
            Result result = inner.inverse(g, back);
            return new Result(result.value(), result.logDet().sub(Matrices.logAbsDet(matrix)));
        }

        @Override
        public List<Parameter> parameters() {
            return inner.parameters();
        }
    }

    /** Whose KL is off, in closed form or sampled. */
    record BentPrior(FactorizedPrior inner, UnaryOperator<SDVariable> kl, UnaryOperator<SDVariable> sampled)
            implements FactorizedPrior {
        @Override
        public EventShape.Row shape() {
            return inner.shape();
        }

        @Override
        public SDVariable logProb(GraphBuilder g, SDVariable z) {
            return inner.logProb(g, z);
        }

        @Override
        public SDVariable klPerDimension(GraphBuilder g, DiagonalGaussian q) {
            return kl.apply(inner.klPerDimension(g, q));
        }

        @Override
        public SDVariable sampledKlPerDimension(GraphBuilder g, DiagonalGaussian q, SDVariable z) {
            return sampled.apply(inner.sampledKlPerDimension(g, q, z));
        }

        @Override
        public SDVariable sampledKlVariancePerDimension(GraphBuilder g, DiagonalGaussian q) {
            return inner.sampledKlVariancePerDimension(g, q);
        }

        @Override
        public SDVariable sample(GraphBuilder g) {
            return inner.sample(g);
        }
    }

    /** Whose density is 1% too large everywhere. */
    record LargePrior(Prior inner) implements Prior {
        @Override
        public EventShape.Row shape() {
            return inner.shape();
        }

        @Override
        public List<Parameter> parameters() {
            return inner.parameters();
        }

        @Override
        public SDVariable logProb(GraphBuilder g, SDVariable z) {
            return inner.logProb(g, z).add(Math.log(1.01));
        }

        @Override
        public SDVariable sample(GraphBuilder g) {
            return inner.sample(g);
        }
    }

    /** Makes another function out of one that a model made, which is known by its name and its argument, if it has one. */
    @FunctionalInterface
    interface Change {
        ModelFunction apply(String method, Object argument, ModelFunction function);
    }

    /** A model whose functions are changed on their way out. */
    static LatentVariableModel bent(LatentVariableModel inner, Change change) {
        return (LatentVariableModel) Proxy.newProxyInstance(
                Mutants.class.getClassLoader(),
                new Class<?>[] {LatentVariableModel.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(inner, arguments);
                    return result instanceof ModelFunction function
                            ? change.apply(method.getName(), arguments == null ? null : arguments[0], function)
                            : result;
                });
    }

    /** Replaces an output of a function by what {@code change} makes of it. */
    public static ModelFunction with(ModelFunction function, String output, UnaryOperator<SDVariable> change) {
        SDVariable straight = function.graph().getVariable(output);
        straight.rename(output + "_straight");
        change.apply(straight).rename(output);
        return function;
    }

    static Map<String, double[]> zeroScales(Map<String, double[]> values) {
        values.replaceAll((name, value) ->
                name.endsWith("/scale") || name.contains("conditioner/output") ? new double[value.length] : value);
        return values;
    }
}
