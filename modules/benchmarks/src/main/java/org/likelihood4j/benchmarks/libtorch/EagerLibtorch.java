package org.likelihood4j.benchmarks.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Flattened;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Standardized;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.models.FunctionInput;

/** libtorch through DJL, operation by operation, with DJL's own Adam: how a user of DJL would write it. */
public final class EagerLibtorch implements Contender {
    private final Case theCase;
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final List<NDArray> buffers = new ArrayList<>();
    private final List<Map<String, NDArray>> batches = new ArrayList<>();
    private Adam adam;

    public EagerLibtorch(Case theCase, int threads) {
        this.theCase = theCase;
        JniUtils.setNumThreads(threads);
        // DJL turns gradients off.
        JniUtils.setGradMode(true);
        for (Slot slot : theCase.slots()) {
            long[] shape = slot.shape().stream().mapToLong(Long::longValue).toArray();
            NDArray weight = manager.create(values(slot), new Shape(shape));
            weight.setRequiresGradient(true);
            weights.put(slot.name(), weight);
        }
        if (theCase.workload() instanceof Workload.CouplingFlow) {
            buffers.add(manager.create(theCase.buffer(Standardized.SHIFT)));
            buffers.add(manager.create(theCase.buffer(Standardized.LOG_SCALE)));
        }
        for (int batch = 0; batch < theCase.feed().size(); batch++) {
            Map<String, NDArray> inputs = new LinkedHashMap<>();
            for (FunctionInput input : theCase.feed().inputs()) {
                inputs.put(
                        input.name(),
                        manager.create(
                                theCase.feed().values(input.name(), batch),
                                new Shape(theCase.feed().rows(), input.size())));
            }
            batches.add(inputs);
        }
        reset();
    }

    private float[] values(Slot slot) {
        int from = Math.toIntExact(slot.offset());
        return Arrays.copyOfRange(theCase.weights(), from, from + Math.toIntExact(slot.length()));
    }

    @Override
    public String name() {
        return Libtorch.NAME;
    }

    @Override
    public String form() {
        return "eager operations, DJL's Adam";
    }

    @Override
    public void reset() {
        theCase.slots().forEach(slot -> weights.get(slot.name()).set(values(slot)));
        weights.values().forEach(EagerLibtorch::forgetGradient);
        adam = Optimizer.adam()
                .optLearningRateTracker(Tracker.fixed((float) Update.LEARNING_RATE))
                .optBeta1((float) Update.adam().beta1())
                .optBeta2((float) Update.adam().beta2())
                .optEpsilon((float) Update.adam().epsilon())
                .build();
    }

    private static void forgetGradient(NDArray weight) {
        JniUtils.zeroGrad((PtNDArray) weight);
    }

    @Override
    public void run(Phase phase, int steps) {
        for (int i = 0; i < steps; i++) {
            evaluate(i % batches.size());
            if (phase == Phase.STEP) {
                // Which also sets the gradients to zero.
                weights.forEach((name, weight) -> adam.update(name, weight, weight.getGradient()));
            } else {
                weights.values().forEach(EagerLibtorch::forgetGradient);
            }
        }
    }

    private double evaluate(int batch) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Map<String, NDArray> inputs = batches.get(batch);
            NDArray loss = theCase.workload() instanceof Workload.Vae vae
                    ? loss(vae, inputs)
                    : loss((Workload.CouplingFlow) theCase.workload(), inputs);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            return loss.getFloat();
        }
    }

    private NDArray loss(Workload.Vae vae, Map<String, NDArray> inputs) {
        NDArray x = inputs.get("binarization").mul(255).lt(inputs.get("pixels")).toType(DataType.FLOAT32, false);
        int hidden = vae.network().hidden().size();
        UnaryOperator<NDArray> activation = activation(vae.network().activation());
        NDList head = network("encoder", hidden, activation, x).split(2, 1);
        NDArray mean = head.get(0);
        NDArray logVariance = head.get(1);
        NDArray sigma = logVariance.mul(0.5f).exp();
        NDArray z = mean.add(sigma.mul(inputs.get("posterior")));
        NDArray logits = network("decoder", hidden, activation, z);
        NDArray crossEntropy = Activation.softPlus(logits).sub(x.mul(logits)).sum();
        NDArray kl =
                sigma.square().add(mean.square()).sub(logVariance).sub(1).sum().mul(0.5f);
        return crossEntropy.add(kl).div(vae.batch());
    }

    private NDArray loss(Workload.CouplingFlow flow, Map<String, NDArray> inputs) {
        float scale = (float) (1 - 2 * Workload.CouplingFlow.ALPHA);
        NDArray v = inputs.get("pixels").add(inputs.get("dequantization_noise")).mul(1f / Workload.CouplingFlow.LEVELS);
        NDArray logP = v.mul(scale).add(Workload.CouplingFlow.ALPHA).log();
        NDArray logQ =
                v.neg().add(1).mul(scale).add(Workload.CouplingFlow.ALPHA).log();
        NDArray standard =
                logP.sub(logQ).sub(buffers.get(0)).mul(buffers.get(1).neg().exp());
        NDArray[] halves = {standard.get(new NDIndex(":, 0::2")), standard.get(new NDIndex(":, 1::2"))};
        NDArray total =
                logP.sum().add(logQ.sum()).neg().sub(buffers.get(1).sum().mul(flow.batch()));
        for (int i = 0; i < flow.couplings(); i++) {
            String path = "coupling" + i;
            int transformed = i % 2;
            NDArray x2 = halves[1 - transformed];
            NDList parts = network(
                            path + "/conditioner",
                            flow.network().hidden().size(),
                            activation(flow.network().activation()),
                            x2)
                    .split(2, 1);
            NDArray logScale = bounded(parts.get(1));
            NDArray own = bounded(weights.get(path + "/scale"));
            halves[transformed] = logScale.exp().mul(halves[transformed]).add(parts.get(0));
            halves[1 - transformed] = x2.mul(own.exp());
            total = total.add(logScale.sum()).add(own.sum().mul(flow.batch()));
        }
        total = total.sub(halves[0].square().sum().add(halves[1].square().sum()).mul(0.5f));
        double constant = flow.dimension()
                * (Math.log(scale) - Math.log(Workload.CouplingFlow.LEVELS) - 0.5 * Math.log(2 * Math.PI));
        return total.div(-flow.batch()).sub((float) constant);
    }

    private static NDArray bounded(NDArray raw) {
        float bound = (float) Workload.CouplingFlow.LOG_SCALE_BOUND;
        return raw.mul(1 / bound).tanh().mul(bound);
    }

    private static UnaryOperator<NDArray> activation(org.likelihood4j.models.layers.Activation activation) {
        return switch (activation) {
            case RELU -> Activation::relu;
            case TANH -> Activation::tanh;
            default -> throw new IllegalArgumentException("no twin of " + activation);
        };
    }

    private NDArray network(String path, int hidden, UnaryOperator<NDArray> activation, NDArray x) {
        NDArray value = x;
        for (int i = 0; i < hidden; i++) {
            value = activation.apply(dense(path + "/layer" + i, value));
        }
        return dense(path + "/output", value);
    }

    /** libtorch's layer has its weights the other way round, which it undoes itself: both are views. */
    private NDArray dense(String path, NDArray x) {
        return Linear.linear(x, weights.get(path + "/weight").transpose(), weights.get(path + "/bias"))
                .singletonOrThrow();
    }

    @Override
    public void requireAgreement(Reference reference) {
        reset();
        double loss = evaluate(0);
        float[] gradient = Flattened.of(
                theCase.slots(),
                weights.values().stream()
                        .map(weight -> weight.getGradient().toFloatArray())
                        .toList());
        reference.check(name() + " (" + form() + ")", Agreement.FLOAT32, loss, gradient, count -> {
            reset();
            run(Phase.STEP, count);
            return Flattened.of(
                    theCase.slots(),
                    weights.values().stream().map(NDArray::toFloatArray).toList());
        });
    }

    @Override
    public void close() {
        manager.close();
    }
}
