package org.likelihood4j.engine.cpu.onednn;

import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Numbers in memory, in a layout of oneDNN's. */
final class OneDnnTensor implements AutoCloseable {
    /** By its address of -1, oneDNN's way to say that it shall allocate. */
    private static final class Anywhere extends Pointer {
        Anywhere() {
            address = -1;
        }
    }

    private final dnnl_memory_desc layout;
    private final dnnl_memory memory = new dnnl_memory();

    private OneDnnTensor(dnnl_memory_desc layout, Pointer at) {
        this.layout = layout;
        OneDnn.check(dnnl.dnnl_memory_create(memory, layout, OneDnn.CPU, at));
    }

    /** At a place of somebody else's. */
    static OneDnnTensor at(Pointer place, dnnl_memory_desc layout) {
        return new OneDnnTensor(copy(layout), place);
    }

    /** In memory of its own. */
    static OneDnnTensor allocated(dnnl_memory_desc layout) {
        return new OneDnnTensor(copy(layout), new Anywhere());
    }

    private static dnnl_memory_desc copy(dnnl_memory_desc layout) {
        dnnl_memory_desc copy = new dnnl_memory_desc();
        OneDnn.check(dnnl.dnnl_memory_desc_clone(copy, layout));
        return copy;
    }

    /** Its place, of bfloat16s. */
    ShortPointer shorts() {
        ShortPointer place = new ShortPointer();
        OneDnn.check(dnnl.dnnl_memory_get_data_handle(memory, place));
        return place;
    }

    dnnl_memory_desc layout() {
        return layout;
    }

    dnnl_memory memory() {
        return memory;
    }

    @Override
    public void close() {
        dnnl.dnnl_memory_destroy(memory);
        dnnl.dnnl_memory_desc_destroy(layout);
    }
}
