package org.likelihood4j.laboratory.gap;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.laboratory.evidence.JointDensity;
import org.likelihood4j.laboratory.evidence.LatentPoint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained model's {@link LatentVariableModel#jointDensity}, compiled for so many examples and draws of each. The gradient is one of inputs: the
 * engine differentiates the graph as it does for a training, and leaves the parameters' gradients out.
 */
public final class JointProgram implements AutoCloseable {
    private static final List<String> LATENTS =
            List.of(LatentVariableModel.LATENTS_OF_PRIOR, LatentVariableModel.LATENTS_OF_LIKELIHOOD);

    private final CompiledFunction compiled;
    private final List<FunctionInput> inputs;
    private final DataType type;
    private final int examples;
    private final int draws;
    private final int latent;
    private final boolean slopes;

    /** @param slopes whether points have slopes */
    public JointProgram(Engine engine, ModelValues values, int examples, int draws, boolean slopes) {
        LatentVariableModel model = (LatentVariableModel) values.model();
        ModelFunction function = model.jointDensity(draws);
        this.inputs = function.inputs();
        this.type = values.type();
        this.examples = examples;
        this.draws = draws;
        this.latent = model.latentShape().size();
        this.slopes = slopes;
        this.compiled = slopes
                ? CompiledFunction.compileInputGradient(engine, function, LATENTS, type, examples, values.vectors())
                : CompiledFunction.compile(engine, function, values, examples);
    }

    int examples() {
        return examples;
    }

    int draws() {
        return draws;
    }

    /** The density of some examples; to be closed. The program serves one of them at a time. */
    public Bound of(GapInputs told) {
        return new Bound(told);
    }

    /** The program with the inputs of some examples. */
    public final class Bound implements JointDensity, AutoCloseable {
        private final List<INDArray> arrays = new ArrayList<>();
        private final int[] latents;

        private Bound(GapInputs told) {
            for (FunctionInput input : inputs) {
                arrays.add(
                        LATENTS.contains(input.name())
                                ? Nd4j.zeros(type, examples, input.size())
                                : told.array(input, type));
            }
            latents = IntStream.range(0, inputs.size())
                    .filter(i -> LATENTS.contains(inputs.get(i).name()))
                    .toArray();
        }

        @Override
        public int examples() {
            return examples;
        }

        @Override
        public int draws() {
            return draws;
        }

        @Override
        public int latent() {
            return latent;
        }

        @Override
        public LatentPoint at(double... z) {
            for (int i : latents) {
                InputArrays.put(arrays.get(i), z);
            }
            OutputValues outputs = compiled.outputs(arrays, examples);
            return new LatentPoint(
                    z,
                    outputs.get(LatentVariableModel.LOG_PRIOR),
                    outputs.get(LatentVariableModel.LOG_LIKELIHOOD),
                    slopes ? outputs.gradient(LatentVariableModel.LATENTS_OF_PRIOR) : new double[0],
                    slopes ? outputs.gradient(LatentVariableModel.LATENTS_OF_LIKELIHOOD) : new double[0]);
        }

        @Override
        public void close() {
            arrays.forEach(INDArray::close);
        }
    }

    @Override
    public void close() {
        compiled.close();
    }
}
