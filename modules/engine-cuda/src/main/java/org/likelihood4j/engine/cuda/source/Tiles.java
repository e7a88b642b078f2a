package org.likelihood4j.engine.cuda.source;

import org.likelihood4j.engine.cuda.toolkit.CudaException;

/**
 * How work is cut into blocks of threads. Tests use tiny ones, with which small matrices, too, go over many blocks.
 *
 * @param threads of a block of a fused kernel: a power of 2, each 32 of which (a warp) have a row
 * @param lanes the most columns that one thread of such a row has, 32 apart
 * @param blocks how many blocks fill a card: what would be more takes turns, and sums that would be fewer are shared
 * @param threadRows rows of threads of a block of a convolution
 * @param threadColumns columns of threads of such a block
 * @param most the most rows, and the most columns, of the result that one such thread has
 * @param depth terms of a convolution's sums that a block has at a time
 */
public record Tiles(int threads, int lanes, int blocks, int threadRows, int threadColumns, int most, int depth) {
    private static final int WARP = 32;
    /** So far may a thread's index lie behind the last number. */
    private static final int BEYOND = 1 << 20;

    /** Threads that a multiprocessor is to have at least: of its registers each may then have 64. */
    private static final int AT_ONCE = 1024;

    /** That many. */
    private static final int REGISTERS = 64;
    /** Of those a fused kernel has so many for places and counts. */
    private static final int BESIDE = 8;

    private static final int MOST = Integer.MAX_VALUE - BEYOND;

    /** Two blocks for each multiprocessor of the largest cards. */
    public static final Tiles USUAL = new Tiles(256, 4, 264, 16, 8, 8, 16);

    public Tiles {
        // By halves a block's threads are added up.
        if (threads < WARP || Integer.bitCount(threads) != 1) {
            throw new IllegalArgumentException(
                    "threads of a block must be a power of 2, and 32 or more, were " + threads);
        }
        if (threadRows * threadColumns % WARP != 0) {
            throw new IllegalArgumentException("threads of a convolution's block must be a multiple of 32, were "
                    + threadRows + " x " + threadColumns);
        }
        if ((long) threads * blocks > BEYOND) {
            throw new IllegalArgumentException(
                    "threads of all blocks must be " + BEYOND + " at most, were " + threads + " x " + blocks);
        }
        if (Math.min(Math.min(lanes, blocks), Math.min(most, depth)) < 1) {
            throw new IllegalArgumentException("lanes, blocks, most and depth must be at least 1, were " + lanes + ", "
                    + blocks + ", " + most + " and " + depth);
        }
    }

    /** Of a fused kernel's block. */
    int warps() {
        return threads / WARP;
    }

    /** Blocks that a multiprocessor is to have at least, so that the compiler does not spill registers to have more of them. */
    int together() {
        return Math.max(1, AT_ONCE / threads);
    }

    /** The same for a kernel that has so many numbers at once, with registers for all of them if it can be. */
    int together(int numbers) {
        int blocksAtOnce = together();
        int room = REGISTERS;
        while (blocksAtOnce > 1 && numbers + BESIDE > room) {
            blocksAtOnce /= 2;
            room *= 2;
        }
        return blocksAtOnce;
    }

    /**
     * The most columns that one thread has of a kernel that has so many numbers at once: one, where those of one column need the registers of
     * others' blocks, since the compiler mixes what it unrolls.
     */
    int lanes(int numbers) {
        return together() > 1 && together(numbers) == 1 ? 1 : lanes;
    }

    /** Results that each of some threads has, a power of 2, so that all of them have a length if possible. */
    int each(int length, int threads) {
        int each = 1;
        while (each < most && each * threads < length) {
            each *= 2;
        }
        return each;
    }

    /**
     * How many numbers something has, of which threads count by int.
     *
     * @throws CudaException if they cannot
     */
    static int counted(long numbers) {
        if (numbers > MOST) {
            throw new CudaException("cuda: a matrix would have " + numbers + " numbers, and may have " + MOST
                    + " at most: use smaller batches");
        }
        return (int) numbers;
    }

    static int parts(long whole, long part) {
        return Math.toIntExact((whole + part - 1) / part);
    }
}
