package org.likelihood4j.engine.cpu.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;

/**
 * A convolution or one of its gradients as primitives of oneDNN, one for each part of the images, which are made once and then only run.
 *
 * <p>Images stay as they are, channels last. Weights are copied to the layout that oneDNN picks, once a run: computing with them as they
 * are stored costs up to half of the speed, copying them some 10 us. The gradient of weights is computed by each part on its own, and
 * added up in the order of the parts.
 */
public final class PreparedConvolution implements AutoCloseable {
    private final ConvolutionShape shape;
    private final Direction direction;
    private final boolean rectified;
    /** Null for none. */
    private final OneDnnTensor bias;

    private final List<OneDnnTensor> tensors = new ArrayList<>();
    private final List<OneDnnPrimitive> parts = new ArrayList<>();
    /** Bring weights to oneDNN's layout before the parts run, or their gradient to ours afterwards. */
    private final List<OneDnnPrimitive> reorders = new ArrayList<>();

    private boolean optimised = true;

    /**
     * Makes the primitives, for as many threads as this one computes with.
     *
     * @param a x, or the gradient with respect to y for {@link Direction#DATA}
     * @param b w, or the gradient with respect to y for {@link Direction#WEIGHTS}
     * @param bias is added to each row of y; null for none
     * @param rectified whether what is below 0 then becomes 0
     * @param count parts, at most as many as images
     */
    public PreparedConvolution(
            ConvolutionShape shape,
            Direction direction,
            FloatPointer a,
            FloatPointer b,
            FloatPointer bias,
            boolean rectified,
            FloatPointer out,
            int count) {
        this.shape = shape;
        this.direction = direction;
        this.rectified = rectified;
        this.bias = bias == null ? null : tensor(bias, layout(dnnl.dnnl_x, shape.out()));
        FloatPointer x = direction == Direction.DATA ? out : a;
        FloatPointer y = switch (direction) {
            case FORWARD -> out;
            case DATA -> a;
            case WEIGHTS -> b;
        };
        OneDnnTensor weights = tensor(direction == Direction.WEIGHTS ? out : b, weights(dnnl.dnnl_hwio));
        OneDnnTensor picked = null;
        for (int part = 0; part < count; part++) {
            int from = first(part, count);
            int images = first(part + 1, count) - from;
            OneDnnTensor partX = tensor(
                    x.getPointer((long) from * shape.height() * shape.width() * shape.in()),
                    image(images, shape.in(), shape.height(), shape.width()));
            OneDnnTensor partY = tensor(
                    y.getPointer((long) from * shape.outHeight() * shape.outWidth() * shape.out()),
                    image(images, shape.out(), shape.outHeight(), shape.outWidth()));
            dnnl_primitive_desc description =
                    describe(partX.layout(), picked == null ? null : picked.layout(), partY.layout());
            optimised &= isOptimised(description);
            if (picked == null || direction == Direction.WEIGHTS) {
                picked = picked(description);
                reorders.add(
                        direction == Direction.WEIGHTS
                                ? OneDnnPrimitive.reorder(picked, weights, part > 0)
                                : OneDnnPrimitive.reorder(weights, picked, false));
            }
            parts.add(new OneDnnPrimitive(description, arguments(partX, picked, partY)));
            dnnl.dnnl_primitive_desc_destroy(description);
        }
    }

    private OneDnnTensor tensor(FloatPointer at, dnnl_memory_desc layout) {
        OneDnnTensor tensor = OneDnnTensor.at(at, layout);
        dnnl.dnnl_memory_desc_destroy(layout);
        tensors.add(tensor);
        return tensor;
    }

    /** Memory for weights, or their gradient, in the layout that oneDNN wants. */
    private OneDnnTensor picked(dnnl_primitive_desc description) {
        int what = direction == Direction.WEIGHTS ? dnnl.dnnl_query_diff_weights_md : dnnl.dnnl_query_weights_md;
        OneDnnTensor tensor = OneDnnTensor.allocated(dnnl.dnnl_primitive_desc_query_md(description, what, 0));
        tensors.add(tensor);
        return tensor;
    }

    private int first(int part, int count) {
        return (int) ((long) shape.images() * part / count);
    }

    private Map<Integer, OneDnnTensor> arguments(OneDnnTensor x, OneDnnTensor weights, OneDnnTensor y) {
        return switch (direction) {
            case FORWARD -> {
                Map<Integer, OneDnnTensor> arguments = new HashMap<>();
                arguments.put(dnnl.DNNL_ARG_SRC, x);
                arguments.put(dnnl.DNNL_ARG_WEIGHTS, weights);
                arguments.put(dnnl.DNNL_ARG_DST, y);
                if (bias != null) {
                    arguments.put(dnnl.DNNL_ARG_BIAS, bias);
                }
                yield arguments;
            }
            case DATA -> Map.of(dnnl.DNNL_ARG_DIFF_SRC, x, dnnl.DNNL_ARG_WEIGHTS, weights, dnnl.DNNL_ARG_DIFF_DST, y);
            case WEIGHTS ->
                Map.of(dnnl.DNNL_ARG_SRC, x, dnnl.DNNL_ARG_DIFF_WEIGHTS, weights, dnnl.DNNL_ARG_DIFF_DST, y);
        };
    }

    private dnnl_memory_desc weights(int layout) {
        return layout(layout, shape.out(), shape.in(), shape.kernelHeight(), shape.kernelWidth());
    }

    private static dnnl_memory_desc image(long images, long channels, long height, long width) {
        return layout(dnnl.dnnl_nhwc, images, channels, height, width);
    }

    private static dnnl_memory_desc layout(int layout, long... sizes) {
        dnnl_memory_desc made = new dnnl_memory_desc();
        OneDnn.check(dnnl.dnnl_memory_desc_create_with_tag(made, sizes.length, sizes, dnnl.dnnl_f32, layout));
        return made;
    }

    /**
     * Describes a primitive; backward ones need the forward one's description as a hint.
     *
     * @param picked the layout of the weights; null for the one that oneDNN likes
     */
    private dnnl_primitive_desc describe(dnnl_memory_desc x, dnnl_memory_desc picked, dnnl_memory_desc y) {
        long[] strides = {shape.strideDown(), shape.strideAcross()};
        long[] gaps = {0, 0};
        long[] before = {shape.top(), shape.left()};
        // Where the last rows are not read, it is enough that they are there.
        long[] behind = {Math.max(0, shape.bottom()), Math.max(0, shape.right())};
        int algorithm = dnnl.dnnl_convolution_direct;
        dnnl_memory_desc any = weights(dnnl.dnnl_format_tag_any);
        dnnl_memory_desc weights = picked == null ? any : picked;
        dnnl_primitive_attr attributes = OneDnnPrimitive.attributes();
        if (rectified) {
            OneDnnPrimitive.rectify(attributes);
        }
        dnnl_primitive_desc forward = new dnnl_primitive_desc();
        OneDnn.check(dnnl.dnnl_convolution_forward_primitive_desc_create(
                forward,
                OneDnn.CPU,
                dnnl.dnnl_forward_training,
                algorithm,
                x,
                direction == Direction.FORWARD ? weights : any,
                bias == null ? null : bias.layout(),
                y,
                strides,
                gaps,
                before,
                behind,
                attributes));
        dnnl_primitive_desc made = direction == Direction.FORWARD ? forward : new dnnl_primitive_desc();
        if (direction == Direction.DATA) {
            OneDnn.check(dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                    made, OneDnn.CPU, algorithm, x, weights, y, strides, gaps, before, behind, forward, attributes));
        } else if (direction == Direction.WEIGHTS) {
            OneDnn.check(dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
                    made,
                    OneDnn.CPU,
                    algorithm,
                    x,
                    weights,
                    null,
                    y,
                    strides,
                    gaps,
                    before,
                    behind,
                    forward,
                    attributes));
        }
        if (direction != Direction.FORWARD) {
            dnnl.dnnl_primitive_desc_destroy(forward);
        }
        dnnl.dnnl_primitive_attr_destroy(attributes);
        dnnl.dnnl_memory_desc_destroy(any);
        return made;
    }

    private static boolean isOptimised(dnnl_primitive_desc description) {
        try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
            OneDnn.check(dnnl.dnnl_primitive_desc_query(description, dnnl.dnnl_query_impl_info_str, 0, name));
            return !name.get(BytePointer.class).getString().startsWith("ref");
        }
    }

    /** False where oneDNN has only its plain loops for these sizes, which are some hundred times slower. */
    public boolean isOptimised() {
        return optimised;
    }

    /** Before the parts. */
    public void begin() {
        if (direction != Direction.WEIGHTS) {
            reorders.get(0).run();
        }
    }

    /** One of the parts; each in any thread. */
    public void run(int part) {
        parts.get(part).run();
    }

    /** After the parts. */
    public void end() {
        if (direction == Direction.WEIGHTS) {
            for (int i = 0; i < reorders.size(); i++) {
                reorders.get(i).run();
            }
        }
    }

    @Override
    public void close() {
        parts.forEach(OneDnnPrimitive::close);
        reorders.forEach(OneDnnPrimitive::close);
        tensors.forEach(OneDnnTensor::close);
    }
}
