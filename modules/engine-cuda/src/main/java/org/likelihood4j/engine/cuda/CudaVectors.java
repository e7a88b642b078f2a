package org.likelihood4j.engine.cuda;

import java.util.List;

/** An update's vectors on a card: the gradient, which it reads, and those that it writes. */
record CudaVectors(CudaStorage gradient, List<CudaStorage> updated) {
    CudaVectors {
        updated = List.copyOf(updated);
    }

    /** Brings what the host has written to the card. */
    void bring() {
        gradient.toCard();
        updated.forEach(CudaStorage::toCard);
    }

    /** Says that an update has been given to the card. */
    void change() {
        updated.forEach(CudaStorage::changeOnCard);
    }
}
