package org.likelihood4j.engine.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/**
 * A product {@code out = op(a) op(b)} as a primitive of oneDNN, which is made for its shapes once and then only runs.
 *
 * <p>It copies what it reads block by block into the order in which it computes. Where b is transposed that beats {@code sgemm}
 * (100 x 1024 x 1024: 101 GFLOP/s against 82), elsewhere {@code sgemm} is a little faster. Of bfloat16s, whose sums are float32, it is
 * the only one.
 */
public final class PreparedProduct implements AutoCloseable {
    private final dnnl_stream stream = new dnnl_stream();
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(3);
    private final List<dnnl_memory_desc> shapes = new ArrayList<>();
    private final List<dnnl_memory> memories = new ArrayList<>();

    /**
     * {@code rows x columns} numbers in memory, floats or the bits of bfloat16s, and how many elements it is to the next row and to
     * the next column.
     */
    public record Operand(Pointer at, long rows, long columns, long rowStride, long columnStride) {}

    public PreparedProduct(Operand a, Operand b, Operand out) {
        argument(0, DNNL_ARG_SRC, a);
        argument(1, DNNL_ARG_WEIGHTS, b);
        argument(2, DNNL_ARG_DST, out);
        arguments.position(0);
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        OneDnn.check(dnnl_matmul_primitive_desc_create(
                description, OneDnn.CPU, shapes.get(0), shapes.get(1), null, shapes.get(2), null));
        OneDnn.check(dnnl_primitive_create(primitive, description));
        OneDnn.check(dnnl_primitive_desc_destroy(description));
        OneDnn.check(dnnl_stream_create(stream, OneDnn.CPU, dnnl_stream_default_flags));
    }

    private void argument(int position, int role, Operand operand) {
        dnnl_memory_desc shape = new dnnl_memory_desc();
        OneDnn.check(dnnl_memory_desc_create_with_strides(
                shape, 2, new long[] {operand.rows(), operand.columns()}, OneDnn.type(operand.at()), new long[] {
                    operand.rowStride(), operand.columnStride()
                }));
        dnnl_memory memory = new dnnl_memory();
        OneDnn.check(dnnl_memory_create(memory, shape, OneDnn.CPU, operand.at()));
        arguments.position(position).arg(role).memory(memory);
        shapes.add(shape);
        memories.add(memory);
    }

    public void run() {
        OneDnn.check(dnnl_primitive_execute(primitive, stream, 3, arguments));
    }

    @Override
    public void close() {
        dnnl_primitive_destroy(primitive);
        dnnl_stream_destroy(stream);
        memories.forEach(dnnl::dnnl_memory_destroy);
        shapes.forEach(dnnl::dnnl_memory_desc_destroy);
    }
}
