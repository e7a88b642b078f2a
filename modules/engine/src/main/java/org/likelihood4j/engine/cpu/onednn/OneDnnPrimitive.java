package org.likelihood4j.engine.cpu.onednn;

import java.util.Map;
import java.util.function.ToIntFunction;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A primitive of oneDNN with the memory that it computes on, and scratch memory of its own: so several may run at once, each in a thread
 * of its own.
 */
final class OneDnnPrimitive implements AutoCloseable {
    private static final float NEARLY_FLAT = 1e-30f;

    private final dnnl_stream stream = new dnnl_stream();
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final OneDnnTensor scratch;
    private final dnnl_exec_arg_t arguments;
    private final int count;

    /**
     * Makes it.
     *
     * @param description with the {@link #attributes}; stays the caller's
     * @param tensors by oneDNN's numbers of arguments; they must outlive the primitive
     */
    OneDnnPrimitive(dnnl_primitive_desc description, Map<Integer, OneDnnTensor> tensors) {
        OneDnn.check(dnnl.dnnl_primitive_create(primitive, description));
        OneDnn.check(dnnl.dnnl_stream_create(stream, OneDnn.CPU, dnnl.dnnl_stream_default_flags));
        dnnl_memory_desc needed = dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_scratchpad_md, 0);
        scratch = OneDnnTensor.allocated(needed);
        count = tensors.size() + 1;
        arguments = new dnnl_exec_arg_t(count);
        arguments.position(0).arg(dnnl.DNNL_ARG_SCRATCHPAD).memory(scratch.memory());
        int position = 1;
        for (Map.Entry<Integer, OneDnnTensor> tensor : tensors.entrySet()) {
            arguments
                    .position(position++)
                    .arg(tensor.getKey())
                    .memory(tensor.getValue().memory());
        }
        arguments.position(0);
    }

    /** Of every primitive: its scratch memory is given to it. To be destroyed. */
    static dnnl_primitive_attr attributes() {
        dnnl_primitive_attr attributes = new dnnl_primitive_attr();
        OneDnn.check(dnnl.dnnl_primitive_attr_create(attributes));
        OneDnn.check(dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user));
        return attributes;
    }

    /**
     * What is below 0 becomes 0 before it is written, up to 1e-30 of its size: with a slope of 0 what is not a number would become 0
     * as well, and a training that has gone wrong would go on unseen.
     */
    static void rectify(dnnl_primitive_attr attributes) {
        then(attributes, post -> dnnl.dnnl_post_ops_append_eltwise(post, dnnl.dnnl_eltwise_relu, NEARLY_FLAT, 0));
    }

    private static void then(dnnl_primitive_attr attributes, ToIntFunction<dnnl_post_ops> operation) {
        dnnl_post_ops operations = new dnnl_post_ops();
        OneDnn.check(dnnl.dnnl_post_ops_create(operations));
        OneDnn.check(operation.applyAsInt(operations));
        OneDnn.check(dnnl.dnnl_primitive_attr_set_post_ops(attributes, operations));
        OneDnn.check(dnnl.dnnl_post_ops_destroy(operations));
    }

    /** Copies numbers from one layout to another, or adds them to what is there. */
    static OneDnnPrimitive reorder(OneDnnTensor from, OneDnnTensor to, boolean add) {
        dnnl_primitive_attr attributes = attributes();
        if (add) {
            then(attributes, post -> dnnl.dnnl_post_ops_append_sum(post, 1, 0, dnnl.dnnl_data_type_undef));
        }
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        OneDnn.check(dnnl.dnnl_reorder_primitive_desc_create(
                description, from.layout(), OneDnn.CPU, to.layout(), OneDnn.CPU, attributes));
        OneDnn.check(dnnl.dnnl_primitive_attr_destroy(attributes));
        OneDnnPrimitive reorder =
                new OneDnnPrimitive(description, Map.of(dnnl.DNNL_ARG_FROM, from, dnnl.DNNL_ARG_TO, to));
        OneDnn.check(dnnl.dnnl_primitive_desc_destroy(description));
        return reorder;
    }

    void run() {
        OneDnn.check(dnnl.dnnl_primitive_execute(primitive, stream, count, arguments));
    }

    @Override
    public void close() {
        dnnl.dnnl_primitive_destroy(primitive);
        dnnl.dnnl_stream_destroy(stream);
        scratch.close();
    }
}
