package org.likelihood4j.engine.cuda;

import org.likelihood4j.engine.Storage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float32 vector on a card, with a copy in the process's own memory once somebody has asked for it. Whoever runs a program brings it to the
 * card first, and says afterwards that the card has changed it.
 */
final class CudaStorage implements Storage {
    /** Which side has what was last written; of no numbers neither. */
    private enum Newer {
        NEITHER,
        HOST,
        CARD
    }

    private final Card card;
    private final long address;
    private final long length;
    private INDArray host;
    private volatile Newer newer = Newer.NEITHER;

    /** Zeros. */
    CudaStorage(CardResources resources, long length) {
        this.card = resources.card();
        this.length = length;
        this.address = resources.allocate(length * Float.BYTES);
        card.clear(address, length);
    }

    /** Where its first number is, on the card. */
    long address() {
        return address;
    }

    /**
     * A storage as one of a card.
     *
     * @throws IllegalArgumentException if it is elsewhere
     */
    static CudaStorage of(Storage storage, Card card) {
        if (storage instanceof CudaStorage own && own.card == card) {
            return own;
        }
        throw new IllegalArgumentException(
                "cuda: a vector is not on the card: make it with FlatVector.zeros(device, slots, type)");
    }

    @Override
    public DataType type() {
        return DataType.FLOAT;
    }

    @Override
    public long length() {
        return length;
    }

    /** It may be written from now on, so that the next program finds what is here. */
    @Override
    public INDArray host() {
        return bring(true);
    }

    @Override
    public INDArray read() {
        return bring(false);
    }

    private INDArray bring(boolean toWrite) {
        boolean waits = card.locked(() -> {
            if (host == null) {
                host = Nd4j.zeros(DataType.FLOAT, length);
            }
            boolean downloads = newer == Newer.CARD;
            if (downloads) {
                card.download(HostArrays.memory(host), address, length * Float.BYTES);
                newer = Newer.NEITHER;
            }
            if (toWrite && length > 0) {
                newer = Newer.HOST;
            }
            return downloads;
        });
        if (waits) {
            card.await();
        }
        return host;
    }

    /** Brings what the host has written to the card, before work that reads it; until this returns the host must not write. */
    void toCard() {
        if (newer == Newer.HOST) {
            card.locked(() -> {
                // Another thread's program may have been faster.
                if (newer == Newer.HOST) {
                    card.upload(address, HostArrays.memory(host), length * Float.BYTES);
                    newer = Newer.NEITHER;
                }
            });
            card.await();
        }
    }

    /** Says that the card has been given work which writes it. */
    void changeOnCard() {
        // Else another thread, which is asking for the host's side now, would call that the newer one afterwards.
        card.locked(() -> newer = length > 0 ? Newer.CARD : Newer.NEITHER);
    }
}
