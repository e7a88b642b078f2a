package org.likelihood4j.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.models.FunctionInput;

/**
 * The source of a twin's TorchScript module: loss, gradient and update in libtorch's own operations, so that a step is one call
 * and no peer waits for the border between Java and native code.
 *
 * <p>The parameters are views of one vector, each a leaf of autograd; {@code begin} makes them.
 */
final class TorchSource {
    static final List<String> LISTS =
            List.of("params", "raw", "ms", "vs", "steps", "grads", "flat", "flat_m", "flat_v", "ema", "buffers");
    static final List<String> COUNTERS = List.of("t");

    /** libtorch's numbers of types. */
    private static final int FLOAT32 = 6;

    private static final int BFLOAT16 = 15;

    private final Case theCase;
    private final TorchForm form;
    private final Map<String, Integer> parameters = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private int names;

    private TorchSource(Case theCase, TorchForm form) {
        this.theCase = theCase;
        this.form = form;
        for (Slot slot : theCase.slots()) {
            parameters.put(slot.name(), parameters.size());
        }
    }

    static String of(Case theCase, TorchForm form) {
        return new TorchSource(theCase, form).module(form.optimizer());
    }

    private String module(TorchOptimizer optimizer) {
        line(0, "class " + TorchArchive.CLASS + "(Module):");
        line(1, "__parameters__ = []");
        line(1, "__buffers__ = []");
        line(1, "training : bool");
        LISTS.forEach(list -> line(1, list + " : List[Tensor]"));
        COUNTERS.forEach(counter -> line(1, counter + " : int"));
        begin();
        evaluate();
        update(optimizer);
        method("step", arguments(), "Tensor");
        line(2, "loss = (self).evaluate(" + names() + ")");
        line(2, "_u = (self).update()");
        line(2, "return loss");
        getter("gradients", "grads");
        getter("weights", "flat");
        return text.toString();
    }

    private void getter(String name, String list) {
        method(name, "x: Tensor", "List[Tensor]");
        line(2, "return self." + list);
    }

    private void begin() {
        method(
                "begin",
                "p: Tensor, m: Tensor, v: Tensor, step: Tensor, ema: Tensor, b0: Tensor, b1: Tensor, b2: Tensor",
                "Tensor");
        List<String> leaves = new ArrayList<>();
        for (Slot slot : theCase.slots()) {
            String range = ", 0, " + slot.offset() + ", " + slot.length() + "), " + slot.shape() + ")";
            String i = String.valueOf(leaves.size());
            leaves.add("p" + i);
            line(2, "r" + i + " = torch.view(torch.narrow(p" + range);
            line(2, "p" + i + " = torch.requires_grad_(torch.detach(r" + i + "))");
            line(2, "m" + i + " = torch.view(torch.narrow(m" + range);
            line(2, "v" + i + " = torch.view(torch.narrow(v" + range);
        }
        line(2, "self.params = [" + String.join(", ", leaves) + "]");
        line(2, "self.raw = [" + each(leaves, "r") + "]");
        line(2, "self.ms = [" + each(leaves, "m") + "]");
        line(2, "self.vs = [" + each(leaves, "v") + "]");
        line(2, "self.steps = [" + leaves.stream().map(leaf -> "step").collect(Collectors.joining(", ")) + "]");
        line(2, "self.flat = [p]");
        line(2, "self.flat_m = [m]");
        line(2, "self.flat_v = [v]");
        line(2, "self.ema = [ema]");
        line(2, "self.buffers = [b0, b1, b2]");
        line(2, "self.t = 0");
        line(2, "return p");
    }

    private static String each(List<String> leaves, String letter) {
        return leaves.stream().map(leaf -> letter + leaf.substring(1)).collect(Collectors.joining(", "));
    }

    private void evaluate() {
        method("evaluate", arguments(), "Tensor");
        line(2, "ps = self.params");
        parameters.values().forEach(i -> line(2, "p" + i + " = ps[" + i + "]"));
        TorchLoss loss = loss();
        line(2, "loss = " + loss.write(this));
        line(2, "found = torch.grad([loss], ps, None, None, False, False)");
        theCase.slots().forEach(slot -> {
            int i = parameters.get(slot.name());
            String found = "unchecked_cast(Tensor, found[" + i + "])";
            // The fused optimiser takes transposed gradients for plain ones.
            line(2, "g" + i + " = " + (slot.shape().size() == 4 ? "torch.contiguous(" + found + ")" : found));
        });
        line(2, "self.grads = [" + joined("g") + "]");
        line(2, "return torch.detach(loss)");
    }

    private TorchLoss loss() {
        if (theCase.workload() instanceof Workload.Vae vae) {
            return TorchVae.of(vae);
        }
        if (theCase.workload() instanceof Workload.ConvVae vae) {
            return TorchVae.of(vae);
        }
        if (theCase.workload() instanceof Workload.SplineFlow flow) {
            return new TorchSplineFlow(flow);
        }
        return theCase.workload() instanceof Workload.MultiscaleFlow flow
                ? new TorchMultiscale(flow)
                : new TorchFlow((Workload.CouplingFlow) theCase.workload());
    }

    private String joined(String letter) {
        return parameters.values().stream().map(i -> letter + i).collect(Collectors.joining(", "));
    }

    private void update(TorchOptimizer optimizer) {
        method("update", "", "int");
        line(2, "t = torch.add(self.t, 1)");
        line(2, "self.t = t");
        line(2, "gs = self.grads");
        if (theCase.update().full()) {
            line(2, "norm = torch.item(torch.norm(torch.stack(torch._foreach_norm(gs, 2))))");
            line(2, "norm_value = float(norm)");
            line(2, "if torch.gt(norm_value, " + Update.CLIP_NORM + "):");
            line(3, "torch._foreach_mul_(gs, torch.div(" + Update.CLIP_NORM + ", norm_value))");
            line(2, "else:");
            line(3, "pass");
        }
        String numbers =
                "lr=" + Update.LEARNING_RATE + ", beta1=" + Update.adam().beta1() + ", beta2="
                        + Update.adam().beta2() + ", weight_decay=0., eps="
                        + Update.adam().epsilon()
                        + ", amsgrad=False, maximize=False, grad_scale=None, found_inf=None)";
        switch (optimizer) {
            case FUSED -> {
                line(2, "_a = torch.add_(self.steps[0], 1.)");
                line(
                        2,
                        "torch._fused_adam_(self.raw, gs, self.ms, self.vs, annotate(List[Tensor], []), self.steps, "
                                + numbers);
            }
            case FUSED_FLAT -> {
                line(2, "_a = torch.add_(self.steps[0], 1.)");
                line(2, "g = torch.cat([" + String.join(", ", rows()) + "], 0)");
                line(
                        2,
                        "torch._fused_adam_(self.flat, [g], self.flat_m, self.flat_v, annotate(List[Tensor], []),"
                                + " [self.steps[0]], " + numbers);
            }
            case FOREACH -> foreach();
        }
        if (theCase.update().full()) {
            line(2, "early = torch.div(t, torch.add(t, 9))");
            line(2, "d = ops.prim.min(early, " + Update.EMA_DECAY + ")");
            line(2, "_e = torch.lerp_(self.ema[0], self.flat[0], torch.sub(1., d))");
        }
        line(2, "return t");
    }

    /** The gradients, and in the gaps between parameters the zeros that the moments stay there. */
    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        long end = 0;
        for (Slot slot : theCase.slots()) {
            if (slot.offset() > end) {
                rows.add("torch.narrow(self.flat_m[0], 0, " + end + ", " + (slot.offset() - end) + ")");
            }
            rows.add("torch.view(gs[" + parameters.get(slot.name()) + "], [-1])");
            end = slot.offset() + slot.length();
        }
        return rows;
    }

    private void foreach() {
        double beta1 = Update.adam().beta1();
        double beta2 = Update.adam().beta2();
        line(2, "c1 = torch.sub(1., torch.pow(" + beta1 + ", t))");
        line(2, "c2 = torch.sqrt(torch.sub(1., torch.pow(" + beta2 + ", t)))");
        line(2, "torch._foreach_lerp_(self.ms, gs, " + (1 - beta1) + ")");
        line(2, "torch._foreach_mul_(self.vs, " + beta2 + ")");
        line(2, "torch._foreach_addcmul_(self.vs, gs, gs, " + (1 - beta2) + ")");
        line(2, "root = torch._foreach_sqrt(self.vs)");
        line(2, "torch._foreach_div_(root, c2)");
        line(2, "torch._foreach_add_(root, " + Update.adam().epsilon() + ")");
        line(2, "torch._foreach_addcdiv_(self.raw, self.ms, root, torch.div(" + -Update.LEARNING_RATE + ", c1))");
    }

    private String arguments() {
        return theCase.feed().inputs().stream()
                .map(input -> input.name() + ": Tensor")
                .collect(Collectors.joining(", "));
    }

    private String names() {
        return theCase.feed().inputs().stream().map(FunctionInput::name).collect(Collectors.joining(", "));
    }

    private void method(String name, String arguments, String result) {
        line(
                1,
                "def " + name + "(self: __torch__." + TorchArchive.CLASS + (arguments.isEmpty() ? "" : ", ") + arguments
                        + ") -> " + result + ":");
    }

    private void line(int depth, String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
    }

    // ---- for the losses
    // ----------------------------------------------------------------------------------------------

    /** Assigns an expression to a fresh variable, whose name is returned. */
    String let(String expression) {
        String name = "v_" + names++;
        line(2, name + " = " + expression);
        return name;
    }

    /** The variable of a parameter. */
    String parameter(String name) {
        Integer index = parameters.get(name);
        if (index == null) {
            throw new IllegalArgumentException("no parameter named " + name + " among " + parameters.keySet());
        }
        return "p" + index;
    }

    /** A network of the model, from its path: dense layers with an activation between them. */
    String network(String path, int hidden, String activation, String x) {
        String value = x;
        for (int i = 0; i < hidden; i++) {
            value = let("torch." + activation + "(" + dense(path + "/layer" + i, value) + ")");
        }
        return full(dense(path + "/output", value));
    }

    /** A convolution that keeps the places; its weights stand in the model's order, not in libtorch's. */
    String convolution(String path, int kernel, String x) {
        String padding = pair(kernel / 2);
        return images("conv2d", path, x, "[1, 1], " + padding + ", [1, 1], 1");
    }

    /** A 4x4 convolution of stride 2, which halves rows and columns. */
    String halving(String path, String x) {
        return images("conv2d", path, x, "[2, 2], [1, 1], [1, 1], 1");
    }

    /** Its transpose, which doubles them. */
    String doubling(String path, String x) {
        return images("conv_transpose2d", path, x, "[2, 2], [1, 1], [0, 0], 1, [1, 1]");
    }

    private String images(String operation, String path, String x, String window) {
        String weight = let(laidOut("torch.permute(" + low(parameter(path + "/weight")) + ", [3, 2, 0, 1])"));
        String operands = low(x) + ", " + weight + ", " + low(parameter(path + "/bias"));
        return let("torch." + operation + "(" + operands + ", " + window + ")");
    }

    private static String pair(int number) {
        return "[" + number + ", " + number + "]";
    }

    /** A tensor of images in the layout that this module has them in. */
    String laidOut(String x) {
        return "torch.contiguous(" + x + ", memory_format=" + (form.channelsLast() ? 2 : 0) + ")";
    }

    /** A dense layer without its activation. */
    String dense(String path, String x) {
        return dense(x, parameter(path + "/weight"), parameter(path + "/bias"));
    }

    /** The same of these weights. */
    String dense(String x, String weight, String bias) {
        return "torch.addmm(" + low(bias) + ", " + low(x) + ", " + low(weight) + ")";
    }

    /** What a layer reads. */
    private String low(String x) {
        return form.autocast() ? let("torch.to(" + x + ", " + BFLOAT16 + ")") : x;
    }

    /** What a network has made, for the loss. */
    String full(String x) {
        return let(form.autocast() ? "torch.to(" + x + ", " + FLOAT32 + ")" : x);
    }
}
