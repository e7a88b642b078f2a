package org.likelihood4j.benchmarks.libtorch;

import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.models.bijectors.coupling.Mixing;

/**
 * The spline flow's loss, as libtorch's users write it (Durkan et al.'s own code): a softmax and running sums along each column's bins,
 * which stand side by side, a search for the bin of each number, and gathering of what belongs to it. A network's last weights are turned
 * so that its output has that order; slopes are made of the two that are gathered, not of all.
 */
record TorchSplineFlow(Workload.SplineFlow flow) implements TorchLoss {
    /** As of the family. */
    private static final double SMALLEST = 1e-3;

    private static final double LOG_SLOPE_BOUND = -Math.log(SMALLEST);

    /** libtorch's number of int64. */
    private static final int INT64 = 4;

    /** Of each step's permutation P where each row of M stands in P M. */
    static float[] positions(Workload.SplineFlow flow) {
        int d = flow.dimension();
        float[] positions = new float[flow.steps() * d];
        for (int step = 0; step < flow.steps(); step++) {
            int[] order = Mixing.order(d, step);
            for (int i = 0; i < d; i++) {
                positions[step * d + order[i]] = i;
            }
        }
        return positions;
    }

    @Override
    public String write(TorchSource s) {
        return new Writer(s).write();
    }

    private final class Writer {
        private final TorchSource s;
        /** Of the whole batch. */
        private String total;

        Writer(TorchSource s) {
            this.s = s;
        }

        String write() {
            int n = flow.batch();
            String x = s.let("torch.mul(torch.sub(values, self.buffers[0]), torch.exp(torch.neg(self.buffers[1])))");
            total = s.let("torch.mul(torch.sum(self.buffers[1]), " + -(double) n + ")");
            for (int i = 0; i < flow.steps(); i++) {
                x = coupled(i, mixed(i, x));
            }
            String squares = "torch.mul(torch.sum(torch.mul(" + x + ", " + x + ")), 0.5)";
            double constant = 0.5 * flow.dimension() * Math.log(2 * Math.PI);
            return "torch.add(torch.div(torch.sub(" + total + ", " + squares + "), " + -(double) n + "), " + constant
                    + ")";
        }

        private void add(String logDet) {
            total = s.let("torch.add(" + total + ", " + logDet + ")");
        }

        /** {@code x P L (U + diag(exp(l))) + b}. */
        private String mixed(int step, String x) {
            int d = flow.dimension();
            String factors = s.parameter("mixing" + step + "/factors");
            String l = s.let(bounded("torch.diagonal(" + factors + ", 0, 0, 1)", Workload.SplineFlow.LOG_SCALE_BOUND));
            String lower = "torch.add(torch.tril(" + factors + ", -1), torch.eye(" + d
                    + ", dtype=6, layout=None, device=None, pin_memory=None))";
            String upper =
                    "torch.add(torch.triu(" + factors + ", 1), torch.diag_embed(torch.exp(" + l + "), 0, -2, -1))";
            String positions = "torch.to(torch.narrow(self.buffers[2], 0, " + step * d + ", " + d + "), " + INT64 + ")";
            String map = s.let("torch.index_select(torch.mm(" + lower + ", " + upper + "), 0, " + positions + ")");
            add("torch.mul(torch.sum(" + l + "), " + (double) flow.batch() + ")");
            return s.let("torch.addmm(" + s.parameter("mixing" + step + "/bias") + ", " + x + ", " + map + ")");
        }

        private String coupled(int step, String x) {
            boolean first = step % 2 == 0;
            int half = flow.transformed(step);
            int cut = first ? half : flow.dimension() - half;
            String parts =
                    s.let("torch.split_with_sizes(" + x + ", [" + cut + ", " + (flow.dimension() - cut) + "], 1)");
            String x1 = s.let(parts + (first ? "[0]" : "[1]"));
            String x2 = s.let(parts + (first ? "[1]" : "[0]"));
            String y1 = spline(x1, network("coupling" + step + "/conditioner", x2, half));
            return s.let("torch.cat([" + (first ? y1 + ", " + x2 : x2 + ", " + y1) + "], 1)");
        }

        /** What a residual network makes, {@code [N, half, 3 K - 1]}. */
        private String network(String path, String x, int half) {
            String value = s.let(s.dense(path + "/first", x));
            for (int i = 0; i < flow.blocks(); i++) {
                String block = path + "/block" + i;
                String inner = s.let("torch.relu(" + s.dense(block + "/layer0", relu(value)) + ")");
                value = s.let("torch.add(" + value + ", " + s.dense(block + "/layer1", inner) + ")");
            }
            int each = 3 * flow.bins() - 1;
            String weight = turned(s.parameter(path + "/output/weight"), flow.width(), each, half);
            String bias = turned(s.parameter(path + "/output/bias"), 1, each, half);
            String output = s.full(s.dense(value, weight, "torch.view(" + bias + ", [-1])"));
            return s.let("torch.view(" + output + ", [" + flow.batch() + ", " + half + ", " + each + "])");
        }

        /** From a column's numbers far apart to side by side. */
        private String turned(String weights, int rows, int each, int half) {
            String apart = "torch.view(" + weights + ", [" + rows + ", " + each + ", " + half + "])";
            return s.let("torch.reshape(torch.permute(" + apart + ", [0, 2, 1]), [" + rows + ", " + each * half + "])");
        }

        private String relu(String x) {
            return s.let("torch.relu(" + x + ")");
        }

        private String spline(String x, String parameters) {
            int k = flow.bins();
            double bound = Workload.SplineFlow.TAIL_BOUND;
            String parts =
                    s.let("torch.split_with_sizes(" + parameters + ", [" + k + ", " + k + ", " + (k - 1) + "], 2)");
            String widths = shares(parts + "[0]");
            String heights = shares(parts + "[1]");
            String lefts = starts(widths);
            String bottoms = starts(heights);
            String slopes = s.let("torch.constant_pad_nd(" + parts + "[2], [1, 1], 0)");

            String within = s.let("torch.lt(torch.abs(" + x + "), " + bound + ")");
            String t = s.let("torch.unsqueeze(torch.mul(torch.add(torch.clamp(" + x + ", " + -bound + ", " + bound
                    + "), " + bound + "), " + 0.5 / bound + "), 2)");
            String knots = "torch.contiguous(torch.narrow(torch.detach(" + lefts + "), 2, 1, " + (k - 1) + "))";
            String bin = s.let("torch.searchsorted(" + knots + ", torch.detach(" + t
                    + "), out_int32=False, right=False, side=None, sorter=None)");
            String width = gathered(widths, bin);
            String height = gathered(heights, bin);
            String unit = s.let("torch.div(" + width + ", " + height + ")");
            String left = s.let("torch.mul(" + slope(gathered(slopes, bin)) + ", " + unit + ")");
            String right = s.let(
                    "torch.mul(" + slope(gathered(slopes, s.let("torch.add(" + bin + ", 1)"))) + ", " + unit + ")");
            String xi = s.let("torch.div(torch.sub(" + t + ", " + gathered(lefts, bin) + "), " + width + ")");
            String rest = s.let("torch.rsub(" + xi + ", 1)");
            String mixed = s.let("torch.mul(" + xi + ", " + rest + ")");
            String square = s.let("torch.mul(" + xi + ", " + xi + ")");
            String denominator = s.let(
                    "torch.add(torch.mul(torch.sub(torch.add(" + left + ", " + right + "), 2), " + mixed + "), 1)");
            String numerator = "torch.mul(" + height + ", torch.addcmul(" + square + ", " + left + ", " + mixed + "))";
            String share = s.let(
                    "torch.add(" + gathered(bottoms, bin) + ", torch.div(" + numerator + ", " + denominator + "))");
            String rise = s.let("torch.add(torch.addcmul(torch.mul(" + mixed + ", 2), " + right + ", " + square
                    + "), torch.mul(" + left + ", torch.mul(" + rest + ", " + rest + ")))");
            String logSlope = s.let("torch.sub(torch.log(torch.div(" + rise + ", " + unit + ")), torch.mul(torch.log("
                    + denominator + "), 2))");
            String inside = "torch.mul(torch.squeeze(" + logSlope + ", 2), " + within + ")";
            add("torch.sum(" + inside + ")");
            String mapped = "torch.sub(torch.mul(torch.squeeze(" + share + ", 2), " + 2 * bound + "), " + bound + ")";
            return s.let("torch.where(" + within + ", " + mapped + ", " + x + ")");
        }

        /** Widths or heights as shares of 1. */
        private String shares(String logits) {
            return s.let("torch.add(torch.mul(torch.softmax(" + logits + ", 2), " + (1 - flow.bins() * SMALLEST) + "), "
                    + SMALLEST + ")");
        }

        /** Where each bin begins. */
        private String starts(String sizes) {
            String all = "torch.cumsum(torch.narrow(" + sizes + ", 2, 0, " + (flow.bins() - 1) + "), 2)";
            return s.let("torch.constant_pad_nd(" + all + ", [1, 0], 0)");
        }

        private String gathered(String values, String bin) {
            return s.let("torch.gather(" + values + ", 2, " + bin + ", sparse_grad=False)");
        }

        private String slope(String raw) {
            return s.let("torch.exp(" + bounded(raw, LOG_SLOPE_BOUND) + ")");
        }

        private static String bounded(String raw, double bound) {
            return "torch.mul(torch.tanh(torch.mul(" + raw + ", " + 1 / bound + ")), " + bound + ")";
        }
    }
}
