package org.likelihood4j.engine.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** A queue of a card's work, and cuBLAS for products in it, whose results are the same bits always because no other lane has its workspace. */
final class CardLane {
    /** As NVIDIA advises for cards of compute capability 9.0. */
    private static final long WORKSPACE = 32L << 20;

    private final CardResources resources;
    private final Pointer stream;
    private Pointer cublas;

    CardLane(CardResources resources) {
        this.resources = resources;
        this.stream = resources.stream();
    }

    Pointer stream() {
        return stream;
    }

    /** Makes cuBLAS's handle, unless somebody has: while a graph is captured it would be too late. */
    void prepareProducts() {
        if (cublas == null) {
            // With its workspace or not at all: whoever finds no room tries again.
            Card card = resources.card();
            cublas = card.make(made -> {
                Pointer handle = handle(made);
                resources.own(made, CardResources::close);
                return handle;
            });
        }
    }

    private Pointer handle(CardResources made) {
        Card card = made.card();
        PointerByReference place = new PointerByReference();
        card.checkProduct(card.cublas().cublasCreate_v2(place), "cublasCreate");
        Pointer handle = made.own(
                place.getValue(), each -> card.checkProduct(card.cublas().cublasDestroy_v2(each), "cublasDestroy"));
        card.checkProduct(card.cublas().cublasSetStream_v2(handle, stream), "cublasSetStream");
        // Behind the stream, which would bring back cuBLAS's own workspace.
        Pointer workspace = new Pointer(made.allocate(WORKSPACE));
        card.checkProduct(card.cublas().cublasSetWorkspace_v2(handle, workspace, WORKSPACE), "cublasSetWorkspace");
        return handle;
    }

    /** The prepared handle. */
    Pointer cublas() {
        return cublas;
    }
}
