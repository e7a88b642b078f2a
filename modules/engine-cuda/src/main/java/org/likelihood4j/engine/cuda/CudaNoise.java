package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import org.likelihood4j.engine.cuda.source.NoiseKernels;
import org.likelihood4j.engine.cuda.source.NoiseKernels.Distribution;
import org.likelihood4j.engine.cuda.source.Tiles;

/**
 * Random numbers that a card makes where they are needed: row r of a matrix is the beginning of the stream of key {@code key(base,
 * numbers[r])}, as {@code CounterRandom} has it, to the last bit.
 */
public final class CudaNoise implements AutoCloseable {
    private final Card card;
    private final Pointer module;
    private final Pointer function;
    private final int blocks;
    private final int threads;
    private final Memory parameters;

    /**
     * For one matrix.
     *
     * @param base the address of a key, 64 bits, which may change from run to run
     * @param numbers the address of each row's number, 64 bits each
     * @param to the address of the matrix
     */
    public CudaNoise(
            Card card,
            Distribution distribution,
            int rows,
            int columns,
            long base,
            long numbers,
            long to,
            Tiles tiles) {
        this.card = card;
        card.enter();
        NoiseKernels source = new NoiseKernels(rows, columns, tiles);
        this.module = card.load(source.text(), NoiseKernels.OPTION);
        this.function = card.function(module, NoiseKernels.kernel(distribution));
        this.blocks = source.blocks(distribution);
        this.threads = tiles.threads();
        this.parameters = Card.parameters(base, numbers, to);
    }

    /** Gives the work to a stream. */
    void fill(Pointer stream) {
        card.launch(function, blocks, threads, stream, parameters);
    }

    @Override
    public void close() {
        card.enter();
        card.check(card.driver().cuModuleUnload(module), "cuModuleUnload");
    }
}
