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
    private final CardResources resources;
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
    public static CudaNoise of(
            Card card,
            Distribution distribution,
            int rows,
            int columns,
            long base,
            long numbers,
            long to,
            Tiles tiles) {
        NoiseKernels source = new NoiseKernels(rows, columns, tiles);
        byte[] code = card.compile(source.text(), NoiseKernels.OPTION);
        return card.make(resources -> new CudaNoise(
                resources,
                card.function(resources.module(code), NoiseKernels.kernel(distribution)),
                source.blocks(distribution),
                tiles.threads(),
                Card.parameters(base, numbers, to)));
    }

    private CudaNoise(CardResources resources, Pointer function, int blocks, int threads, Memory parameters) {
        this.resources = resources;
        this.function = function;
        this.blocks = blocks;
        this.threads = threads;
        this.parameters = parameters;
    }

    /** Fills the matrix, in the card's order. */
    public void fill() {
        Card card = resources.card();
        card.locked(() -> card.launch(function, blocks, threads, card.stream(), parameters));
    }

    @Override
    public void close() {
        resources.close();
    }
}
