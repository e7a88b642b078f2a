package org.likelihood4j.benchmarks.libtorch;

import java.util.Locale;
import org.likelihood4j.benchmarks.work.Workload;

/**
 * The flow's loss. The two halves stay apart from the first block to the last, so that nothing is gathered or joined but the
 * alternating columns of the data, once, where no gradient flows.
 */
record TorchFlow(Workload.CouplingFlow flow) implements TorchLoss {
    @Override
    public String write(TorchSource s) {
        int d = flow.dimension();
        int n = flow.batch();
        double alpha = Workload.CouplingFlow.ALPHA;
        double scale = 1 - 2 * alpha;
        double unit = 1.0 / Workload.CouplingFlow.LEVELS;
        String v = s.let("torch.mul(torch.add(pixels, dequantization_noise), " + unit + ")");
        String logP = s.let("torch.log(torch.add(torch.mul(" + v + ", " + scale + "), " + alpha + "))");
        String logQ = s.let("torch.log(torch.add(torch.mul(torch.rsub(" + v + ", 1.), " + scale + "), " + alpha + "))");
        String standard = s.let("torch.mul(torch.sub(torch.sub(" + logP + ", " + logQ
                + "), self.buffers[0]), torch.exp(torch.neg(self.buffers[1])))");
        String[] halves = {
            s.let("torch.contiguous(torch.slice(" + standard + ", 1, 0, " + d + ", 2))"),
            s.let("torch.contiguous(torch.slice(" + standard + ", 1, 1, " + d + ", 2))")
        };
        // Of the whole batch: the data's terms, then each block's.
        String total = s.let("torch.neg(torch.add(torch.sum(" + logP + "), torch.sum(" + logQ + ")))");
        total = s.let("torch.sub(" + total + ", torch.mul(torch.sum(self.buffers[1]), " + (double) n + "))");
        for (int i = 0; i < flow.couplings(); i++) {
            total = block(s, i, halves, total);
        }
        String squares = s.let("torch.add(" + square(halves[0]) + ", " + square(halves[1]) + ")");
        total = s.let("torch.sub(" + total + ", torch.mul(" + squares + ", 0.5))");
        double constant = d * (Math.log(scale) + Math.log(unit) - 0.5 * Math.log(2 * Math.PI));
        return "torch.sub(torch.div(" + total + ", " + (double) -n + "), " + constant + ")";
    }

    /** Couples the halves in place and gives the new total. */
    private String block(TorchSource s, int i, String[] halves, String total) {
        String path = "coupling" + i;
        int transformed = i % 2;
        String x1 = halves[transformed];
        String x2 = halves[1 - transformed];
        String activation = flow.network().activation().name().toLowerCase(Locale.ROOT);
        String output = s.network(path + "/conditioner", flow.network().hidden().size(), activation, x2);
        String parts = s.let("torch.split(" + output + ", " + flow.dimension() / 2 + ", 1)");
        String logScale = s.let(bounded(parts + "[1]"));
        String own = s.let(bounded(s.parameter(path + "/scale")));
        halves[transformed] = s.let("torch.addcmul(" + parts + "[0], torch.exp(" + logScale + "), " + x1 + ")");
        halves[1 - transformed] = s.let("torch.mul(" + x2 + ", torch.exp(" + own + "))");
        String sums = s.let("torch.add(torch.sum(" + logScale + "), torch.mul(torch.sum(" + own + "), "
                + (double) flow.batch() + "))");
        return s.let("torch.add(" + total + ", " + sums + ")");
    }

    private static String bounded(String raw) {
        double bound = Workload.CouplingFlow.LOG_SCALE_BOUND;
        return "torch.mul(torch.tanh(torch.mul(" + raw + ", " + 1 / bound + ")), " + bound + ")";
    }

    private static String square(String x) {
        return "torch.sum(torch.mul(" + x + ", " + x + "))";
    }
}
