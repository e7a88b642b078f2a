package org.likelihood4j.engine.cpu.onednn;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** oneDNN's processor, and what its calls answer. Only where {@link Isa#hasOneDnn} says that it is there. */
final class OneDnn {
    static final dnnl_engine CPU = cpu();

    private OneDnn() {}

    private static dnnl_engine cpu() {
        dnnl_engine engine = new dnnl_engine();
        check(dnnl.dnnl_engine_create(engine, dnnl.dnnl_cpu, 0));
        return engine;
    }

    /** Of what stands at a place: shorts are the bits of bfloat16s. */
    static int type(Pointer place) {
        return place instanceof ShortPointer ? dnnl.dnnl_bf16 : dnnl.dnnl_f32;
    }

    /** Of a call that must succeed. */
    static void check(int status) {
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses a call: status " + status);
        }
    }
}
