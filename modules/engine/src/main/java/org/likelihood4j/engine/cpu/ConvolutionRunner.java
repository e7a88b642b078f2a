package org.likelihood4j.engine.cpu;

import org.bytedeco.javacpp.Pointer;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.cpu.onednn.PreparedConvolution;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;

/**
 * Runs a convolution or one of its gradients with oneDNN, whose primitives the team shares, each thread some of the images; or where there
 * is no oneDNN, or where it has no fast code for the sizes, as products of patches.
 */
final class ConvolutionRunner implements Runner {
    /** Operations, some 50 us, from which sharing pays. */
    private static final long WORTH_SHARING = 4_000_000;

    /** Up to so many output channels their mirror is faster wherever there are more input channels. */
    private static final int FEW = 8;

    private final Team team;
    private final int parts;
    private final PreparedConvolution prepared;
    /** Where the gradient of weights is one of the mirrored convolution's; else null. */
    private final TurnedWeights turned;
    /** Null with oneDNN; else nothing above is used. */
    private final PatchConvolution patches;

    private final Team.Task task = this::runPart;

    ConvolutionRunner(Kernel.Convolution convolution, Memory[] memories, Team team) {
        this(convolution, memories, team, Isa.hasOneDnn());
    }

    ConvolutionRunner(Kernel.Convolution convolution, Memory[] memories, Team team, boolean oneDnn) {
        this.team = team;
        long work = 2L
                * convolution.shape().outRows()
                * convolution.shape().out()
                * convolution.shape().taps();
        this.parts = work < WORTH_SHARING
                ? 1
                : Math.min(team.size(), convolution.shape().images());
        this.turned = oneDnn && isMirrored(convolution)
                ? TurnedWeights.back(
                        convolution.shape(),
                        memories[convolution.out().buffer()],
                        convolution.out().offset())
                : null;
        PreparedConvolution made = oneDnn ? prepare(convolution, memories) : null;
        if (made != null && !made.isOptimised() && !convolution.narrow()) {
            made.close();
            made = null;
        }
        this.prepared = made;
        this.patches = made == null ? new PatchConvolution(convolution, memories, team, oneDnn) : null;
    }

    /**
     * Whether the gradient of weights is faster by way of the {@link org.likelihood4j.engine.plan.ConvolutionShape#mirrored mirror},
     * which makes many channels of few. oneDNN's code is as fast as its vectors of made channels are full: from 24 to 2 channels at 28 x
     * 28, 64 images, takes 2.0 ms, from 2 to 24 takes 0.5.
     */
    private static boolean isMirrored(Kernel.Convolution convolution) {
        return convolution.direction() == Direction.WEIGHTS
                && convolution.shape().hasMirror()
                && convolution.shape().out() <= FEW
                && convolution.shape().out() < convolution.shape().in();
    }

    /** For one thread each. */
    private PreparedConvolution prepare(Kernel.Convolution convolution, Memory[] memories) {
        int before = Native.computeWithOneThread();
        try {
            if (turned != null) {
                return new PreparedConvolution(
                        convolution.shape().mirrored(),
                        Direction.WEIGHTS,
                        convolution.narrow(),
                        at(memories, convolution.b()),
                        at(memories, convolution.a()),
                        null,
                        false,
                        turned.place(),
                        parts);
            }
            return new PreparedConvolution(
                    convolution.shape(),
                    convolution.direction(),
                    convolution.narrow(),
                    at(memories, convolution.a()),
                    at(memories, convolution.b()),
                    convolution.bias() == null ? null : at(memories, convolution.bias()),
                    convolution.rectified(),
                    at(memories, convolution.out()),
                    parts);
        } finally {
            Native.computeWith(before);
        }
    }

    private static Pointer at(Memory[] memories, Region region) {
        return memories[region.buffer()].at(region.offset());
    }

    @Override
    public void run() {
        if (patches != null) {
            patches.run();
            return;
        }
        int threads = Native.computeWithOneThread();
        try {
            prepared.begin();
            team.run(task, parts);
            prepared.end();
        } finally {
            Native.computeWith(threads);
        }
        if (turned != null) {
            turned.turn();
        }
    }

    private void runPart(int part) {
        prepared.run(part);
    }

    @Override
    public void close() {
        if (turned != null) {
            turned.close();
        }
        if (patches != null) {
            patches.close();
        } else {
            prepared.close();
        }
    }
}
