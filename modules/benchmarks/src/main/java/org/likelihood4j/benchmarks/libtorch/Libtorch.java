package org.likelihood4j.benchmarks.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Flattened;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Standardized;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.models.FunctionInput;

/** libtorch through DJL: the whole step is one call of a TorchScript module. */
public final class Libtorch implements Contender {
    public static final String NAME = "libtorch";
    /** In mixed precision. */
    public static final String AUTOCAST = "libtorch-autocast";

    private final Case theCase;
    private final TorchForm form;
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final PtSymbolBlock module;
    private final NDArray weights;
    private final NDArray m;
    private final NDArray v;
    private final NDArray step;
    private final NDArray ema;
    private final List<NDArray> buffers = new ArrayList<>();
    private final List<NDList> evaluations = new ArrayList<>();
    private final List<NDList> steps = new ArrayList<>();

    public Libtorch(Case theCase, TorchForm form, int threads) {
        this.theCase = theCase;
        this.form = form;
        JniUtils.setNumThreads(threads);
        // DJL turns gradients off.
        JniUtils.setGradMode(true);
        String source = TorchSource.of(theCase, form);
        byte[] archive = TorchArchive.of(source, TorchSource.LISTS, TorchSource.COUNTERS);
        try {
            module = JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shape shape = new Shape(theCase.weights().length);
        weights = manager.create(theCase.weights(), shape);
        m = manager.zeros(shape);
        v = manager.zeros(shape);
        ema = manager.create(theCase.weights(), shape);
        step = manager.zeros(new Shape());
        for (String name : List.of(Standardized.SHIFT, Standardized.LOG_SCALE)) {
            buffers.add(
                    theCase.values().buffers() != null
                            ? manager.create(theCase.buffer(name))
                            : manager.zeros(new Shape(1)));
        }
        buffers.add(manager.create(constants(theCase.workload())));
        for (int batch = 0; batch < theCase.feed().size(); batch++) {
            NDList inputs = new NDList();
            for (FunctionInput input : theCase.feed().inputs()) {
                inputs.add(manager.create(
                        theCase.feed().values(input.name(), batch),
                        new Shape(theCase.feed().rows(), input.size())));
            }
            evaluations.add(call("evaluate", inputs));
            steps.add(call("step", inputs));
        }
        reset();
    }

    /** What a twin needs beside parameters and buffers. */
    private static float[] constants(Workload workload) {
        if (workload instanceof Workload.MultiscaleFlow flow) {
            return TorchMultiscale.evenFields(flow);
        }
        return workload instanceof Workload.SplineFlow flow ? TorchSplineFlow.positions(flow) : new float[1];
    }

    /** DJL takes the method's name from the name of one more array, which it does not pass on. */
    private NDList call(String method, NDList inputs) {
        NDArray marker = manager.create(0f);
        marker.setName("module_method:" + method);
        NDList list = new NDList();
        list.addAll(inputs);
        list.add(marker);
        return list;
    }

    private NDList run(NDList call) {
        // A setting of the thread, not of the module.
        JniUtils.setGraphExecutorOptimize(form.rewriting());
        return IValueUtils.forward(module, call, true);
    }

    @Override
    public String name() {
        return form.autocast() ? AUTOCAST : NAME;
    }

    @Override
    public String form() {
        return form.title();
    }

    @Override
    public void reset() {
        weights.set(theCase.weights());
        ema.set(theCase.weights());
        m.set(new float[theCase.weights().length]);
        v.set(new float[theCase.weights().length]);
        step.set(new float[1]);
        NDList begin = new NDList(weights, m, v, step, ema);
        begin.addAll(buffers);
        run(call("begin", begin)).close();
    }

    @Override
    public void run(Phase phase, int count) {
        List<NDList> calls = phase == Phase.STEP ? steps : evaluations;
        for (int i = 0; i < count; i++) {
            loss(calls.get(i % calls.size()));
        }
    }

    private double loss(NDList call) {
        try (NDList result = run(call)) {
            return result.singletonOrThrow().getFloat();
        }
    }

    private float[] gradient() {
        try (NDList gradients = run(call("gradients", new NDList(step)))) {
            return Flattened.of(
                    theCase.slots(),
                    gradients.stream().map(NDArray::toFloatArray).toList());
        }
    }

    @Override
    public void requireAgreement(Reference reference) {
        reset();
        double loss = loss(evaluations.get(0));
        reference.check(name() + " (" + form() + ")", form.agreement(), loss, gradient(), count -> {
            reset();
            run(Phase.STEP, count);
            return weights.toFloatArray();
        });
    }

    /** What libtorch says of its own build, such as its library of matrix products. */
    public static String build() {
        return String.join(" ", JniUtils.getFeatures());
    }

    @Override
    public void close() {
        manager.close();
    }
}
