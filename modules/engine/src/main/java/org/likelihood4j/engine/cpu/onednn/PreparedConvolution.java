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
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;

/**
 * A convolution or one of its gradients as primitives of oneDNN, one for each part of the images, which are made once and then only run.
 *
 * <p>Images stay as they are, channels last. Weights are copied to the layout that oneDNN picks, once a run: computing with them as they
 * are stored costs up to half of the speed, copying them some 10 us. The gradient of weights is computed by each part on its own, and
 * added up in the order of the parts.
 *
 * <p>Where it multiplies bfloat16s, it rounds what is given in float32: weights on the way to their layout, images before.
 */
public final class PreparedConvolution implements AutoCloseable {
    private static final int ALGORITHM = dnnl.dnnl_convolution_direct;

    private final ConvolutionShape shape;
    private final Direction direction;
    private final boolean rectified;
    /** Of what is multiplied. */
    private final int type;
    /** Null for none. */
    private final OneDnnTensor bias;

    private final List<OneDnnTensor> tensors = new ArrayList<>();
    private final List<OneDnnPrimitive> parts = new ArrayList<>();
    /** Bring weights to oneDNN's layout, and what is to be rounded to bfloat16, before the parts run. */
    private final List<OneDnnPrimitive> first = new ArrayList<>();
    /** Bring the weights' gradient to our layout afterwards. */
    private final List<OneDnnPrimitive> last = new ArrayList<>();

    private boolean optimised = true;

    /**
     * Makes the primitives, for as many threads as this one computes with.
     *
     * @param narrow whether it multiplies bfloat16s
     * @param a x, or the gradient with respect to y for {@link Direction#DATA}: a pointer to floats, or to the bits of bfloat16s
     * @param b w, or the gradient with respect to y for {@link Direction#WEIGHTS}; likewise
     * @param bias is added to each row of y; null for none
     * @param rectified whether what is below 0 then becomes 0
     * @param out likewise, but only floats for {@link Direction#WEIGHTS}
     * @param count parts, at most as many as images
     */
    public PreparedConvolution(
            ConvolutionShape shape,
            Direction direction,
            boolean narrow,
            Pointer a,
            Pointer b,
            Pointer bias,
            boolean rectified,
            Pointer out,
            int count) {
        this.shape = shape;
        this.direction = direction;
        this.rectified = rectified;
        this.type = narrow ? dnnl.dnnl_bf16 : dnnl.dnnl_f32;
        this.bias = bias == null ? null : tensor(bias, layout(dnnl.dnnl_f32, dnnl.dnnl_x, shape.out()));
        Pointer x = direction == Direction.DATA
                ? out
                : multiplied(a, shape.images(), shape.in(), shape.height(), shape.width());
        Pointer y = switch (direction) {
            case FORWARD -> out;
            case DATA -> multiplied(a, shape.images(), shape.out(), shape.outHeight(), shape.outWidth());
            case WEIGHTS -> multiplied(b, shape.images(), shape.out(), shape.outHeight(), shape.outWidth());
        };
        Pointer stored = direction == Direction.WEIGHTS ? out : b;
        OneDnnTensor weights = tensor(stored, weights(OneDnn.type(stored), dnnl.dnnl_hwio));
        OneDnnTensor picked = null;
        for (int part = 0; part < count; part++) {
            int from = firstImage(part, count);
            int images = firstImage(part + 1, count) - from;
            OneDnnTensor partX = tensor(
                    x.getPointer((long) from * shape.height() * shape.width() * shape.in()),
                    image(OneDnn.type(x), images, shape.in(), shape.height(), shape.width()));
            OneDnnTensor partY = tensor(
                    y.getPointer((long) from * shape.outHeight() * shape.outWidth() * shape.out()),
                    image(OneDnn.type(y), images, shape.out(), shape.outHeight(), shape.outWidth()));
            dnnl_primitive_desc description =
                    describe(images, partX.layout(), picked == null ? null : picked.layout(), partY.layout());
            optimised &= isOptimised(description);
            if (picked == null || direction == Direction.WEIGHTS) {
                picked = picked(description);
                if (direction == Direction.WEIGHTS) {
                    last.add(OneDnnPrimitive.reorder(picked, weights, part > 0));
                } else {
                    first.add(OneDnnPrimitive.reorder(weights, picked, false));
                }
            }
            parts.add(new OneDnnPrimitive(description, arguments(partX, picked, partY)));
            dnnl.dnnl_primitive_desc_destroy(description);
        }
    }

    /** Images in the type that is multiplied: where they stand, or rounded in memory of our own. */
    private Pointer multiplied(Pointer at, long images, long channels, long height, long width) {
        if (OneDnn.type(at) == type) {
            return at;
        }
        OneDnnTensor given = tensor(at, image(dnnl.dnnl_f32, images, channels, height, width));
        dnnl_memory_desc layout = image(type, images, channels, height, width);
        OneDnnTensor rounded = OneDnnTensor.allocated(layout);
        dnnl.dnnl_memory_desc_destroy(layout);
        tensors.add(rounded);
        first.add(OneDnnPrimitive.reorder(given, rounded, false));
        return rounded.shorts();
    }

    /** Whether oneDNN has fast code, and not only plain loops, where images are given and made in the type that is multiplied. */
    public static boolean isFast(ConvolutionShape shape, Direction direction, boolean narrow) {
        return new PreparedConvolution(shape, direction, narrow).optimised;
    }

    private PreparedConvolution(ConvolutionShape shape, Direction direction, boolean narrow) {
        this.shape = shape;
        this.direction = direction;
        this.rectified = false;
        this.type = narrow ? dnnl.dnnl_bf16 : dnnl.dnnl_f32;
        this.bias = null;
        dnnl_memory_desc x = image(type, shape.images(), shape.in(), shape.height(), shape.width());
        dnnl_memory_desc y = image(type, shape.images(), shape.out(), shape.outHeight(), shape.outWidth());
        dnnl_primitive_desc description = describe(shape.images(), x, null, y);
        optimised = isOptimised(description);
        dnnl.dnnl_primitive_desc_destroy(description);
        List.of(x, y).forEach(dnnl::dnnl_memory_desc_destroy);
    }

    private OneDnnTensor tensor(Pointer at, dnnl_memory_desc layout) {
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

    private int firstImage(int part, int count) {
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

    private dnnl_memory_desc weights(int type, int layout) {
        return layout(type, layout, shape.out(), shape.in(), shape.kernelHeight(), shape.kernelWidth());
    }

    private static dnnl_memory_desc image(int type, long images, long channels, long height, long width) {
        return layout(type, dnnl.dnnl_nhwc, images, channels, height, width);
    }

    private static dnnl_memory_desc layout(int type, int layout, long... sizes) {
        dnnl_memory_desc made = new dnnl_memory_desc();
        OneDnn.check(dnnl.dnnl_memory_desc_create_with_tag(made, sizes.length, sizes, type, layout));
        return made;
    }

    /**
     * Describes a primitive; backward ones need the forward one's description as a hint.
     *
     * @param picked the layout of the weights; null for the one that oneDNN likes
     */
    private dnnl_primitive_desc describe(int images, dnnl_memory_desc x, dnnl_memory_desc picked, dnnl_memory_desc y) {
        if (direction == Direction.FORWARD) {
            return describeForward(x, picked, y);
        }
        dnnl_memory_desc hintX = image(type, images, shape.in(), shape.height(), shape.width());
        dnnl_memory_desc hintY = image(type, images, shape.out(), shape.outHeight(), shape.outWidth());
        dnnl_primitive_desc forward = describeForward(hintX, null, hintY);
        dnnl_memory_desc any = weights(direction == Direction.WEIGHTS ? dnnl.dnnl_f32 : type, dnnl.dnnl_format_tag_any);
        dnnl_memory_desc weights = picked == null ? any : picked;
        dnnl_primitive_attr attributes = OneDnnPrimitive.attributes();
        dnnl_primitive_desc made = new dnnl_primitive_desc();
        OneDnn.check(
                direction == Direction.DATA
                        ? dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                                made,
                                OneDnn.CPU,
                                ALGORITHM,
                                x,
                                weights,
                                y,
                                strides(),
                                gaps(),
                                before(),
                                behind(),
                                forward,
                                attributes)
                        : dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
                                made,
                                OneDnn.CPU,
                                ALGORITHM,
                                x,
                                weights,
                                null,
                                y,
                                strides(),
                                gaps(),
                                before(),
                                behind(),
                                forward,
                                attributes));
        dnnl.dnnl_primitive_desc_destroy(forward);
        dnnl.dnnl_primitive_attr_destroy(attributes);
        List.of(any, hintX, hintY).forEach(dnnl::dnnl_memory_desc_destroy);
        return made;
    }

    private dnnl_primitive_desc describeForward(dnnl_memory_desc x, dnnl_memory_desc picked, dnnl_memory_desc y) {
        dnnl_memory_desc any = weights(type, dnnl.dnnl_format_tag_any);
        dnnl_primitive_attr attributes = OneDnnPrimitive.attributes();
        if (rectified) {
            OneDnnPrimitive.rectify(attributes);
        }
        dnnl_primitive_desc made = new dnnl_primitive_desc();
        OneDnn.check(dnnl.dnnl_convolution_forward_primitive_desc_create(
                made,
                OneDnn.CPU,
                dnnl.dnnl_forward_training,
                ALGORITHM,
                x,
                picked == null ? any : picked,
                bias == null ? null : bias.layout(),
                y,
                strides(),
                gaps(),
                before(),
                behind(),
                attributes));
        dnnl.dnnl_primitive_attr_destroy(attributes);
        dnnl.dnnl_memory_desc_destroy(any);
        return made;
    }

    private long[] strides() {
        return new long[] {shape.strideDown(), shape.strideAcross()};
    }

    private static long[] gaps() {
        return new long[] {0, 0};
    }

    private long[] before() {
        return new long[] {shape.top(), shape.left()};
    }

    /** Where the last rows are not read, it is enough that they are there. */
    private long[] behind() {
        return new long[] {Math.max(0, shape.bottom()), Math.max(0, shape.right())};
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
        for (int i = 0; i < first.size(); i++) {
            first.get(i).run();
        }
    }

    /** One of the parts; each in any thread. */
    public void run(int part) {
        parts.get(part).run();
    }

    /** After the parts. */
    public void end() {
        for (int i = 0; i < last.size(); i++) {
            last.get(i).run();
        }
    }

    @Override
    public void close() {
        parts.forEach(OneDnnPrimitive::close);
        first.forEach(OneDnnPrimitive::close);
        last.forEach(OneDnnPrimitive::close);
        tensors.forEach(OneDnnTensor::close);
    }
}
