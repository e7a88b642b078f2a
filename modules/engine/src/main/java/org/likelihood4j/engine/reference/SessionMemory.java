package org.likelihood4j.engine.reference;

import org.nd4j.autodiff.samediff.internal.memory.ArrayCacheMemoryMgr;
import org.nd4j.linalg.api.ndarray.BaseNDArray;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * SameDiff's cache of arrays between operations, hardened against its own array ids.
 *
 * <p>ND4J numbers new arrays with get-and-increment but re-used ones with increment-and-get, so a re-used array and the next
 * new one share a number, and the cache, which goes by numbers, takes the release of the second for a second release of the
 * first and throws.
 *
 * <p>It also takes scalars in and never hands one out again, so that every run would leave some behind for ever: they are
 * left to the garbage collector.
 */
final class SessionMemory extends ArrayCacheMemoryMgr {
    @Override
    @SuppressWarnings("ReferenceEquality") // identity is the point: equality would compare values
    public void release(INDArray array) {
        if (array.rank() == 0) {
            return;
        }
        INDArray cached = getLruCacheValues().get(array.getId());
        if (cached == array) {
            return;
        }
        if (cached != null) {
            ((BaseNDArray) array).assignNewId();
        }
        super.release(array);
    }
}
