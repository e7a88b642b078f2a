package org.likelihood4j.benchmarks.libtorch;

import org.likelihood4j.benchmarks.work.Workload;

/**
 * The multi-scale flow's loss. Checkerboards are masks over whole images, and halves of channels stay apart from one squeeze to the next,
 * so that nothing is gathered.
 */
record TorchMultiscale(Workload.MultiscaleFlow flow) implements TorchLoss {
    /** 1 on the fields whose row + column is even, row by row. */
    static float[] evenFields(Workload.MultiscaleFlow flow) {
        float[] fields = new float[flow.dimension()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = 1 - (i / flow.size() + i % flow.size()) % 2;
        }
        return fields;
    }

    @Override
    public String write(TorchSource s) {
        return new Writer(s).write();
    }

    private final class Writer {
        private final TorchSource s;
        /** Of the whole batch: the data's terms, then each coupling's. */
        private String total;

        Writer(TorchSource s) {
            this.s = s;
        }

        String write() {
            int d = flow.dimension();
            int n = flow.batch();
            double scale = 1 - 2 * Workload.MultiscaleFlow.ALPHA;
            double unit = 1.0 / Workload.CouplingFlow.LEVELS;
            String v = s.let("torch.mul(torch.add(pixels, dequantization_noise), " + unit + ")");
            String logP = s.let(logOf("torch.mul(" + v + ", " + scale + ")"));
            String logQ = s.let(logOf("torch.mul(torch.rsub(" + v + ", 1.), " + scale + ")"));
            String standard = s.let("torch.mul(torch.sub(torch.sub(" + logP + ", " + logQ
                    + "), self.buffers[0]), torch.exp(torch.neg(self.buffers[1])))");
            total = s.let("torch.neg(torch.add(torch.sum(" + logP + "), torch.sum(" + logQ + ")))");
            total = s.let("torch.sub(" + total + ", torch.mul(torch.sum(self.buffers[1]), " + (double) n + "))");
            String z = s.let("torch.view(" + standard + ", " + shape(1, flow.size()) + ")");
            for (int i = 0; i < flow.couplings(); i++) {
                z = checkerboard(i, z);
            }
            String[] halves = channels(1, squeezed(z, 0));
            subtractSquares(halves[0]);
            halves = channels(2, squeezed(halves[1], 1));
            subtractSquares(halves[0]);
            subtractSquares(halves[1]);
            double constant = d * (Math.log(scale) + Math.log(unit) - 0.5 * Math.log(2 * Math.PI));
            return "torch.sub(torch.div(" + total + ", " + (double) -n + "), " + constant + ")";
        }

        private static String logOf(String x) {
            return "torch.log(torch.add(" + x + ", " + Workload.MultiscaleFlow.ALPHA + "))";
        }

        private String shape(int channels, int size) {
            return "[" + flow.batch() + ", " + channels + ", " + size + ", " + size + "]";
        }

        /** The fields of one colour, {@code [1, 1, size, size]}. */
        private String fields(int colour) {
            String even = "torch.view(self.buffers[2], [1, 1, " + flow.size() + ", " + flow.size() + "])";
            return s.let(colour == 0 ? even : "torch.rsub(" + even + ", 1.)");
        }

        /** Transforms the fields of colour {@code i % 2} of an image. */
        private String checkerboard(int i, String z) {
            String path = "scale0/coupling" + i;
            String transformed = fields(i % 2);
            String seen = fields(1 - i % 2);
            String output = network(path + "/conditioner", s.let("torch.mul(" + z + ", " + seen + ")"));
            String parts = s.let("torch.split(" + output + ", 1, 1)");
            String logScale = s.let("torch.mul(" + bounded(parts + "[1]") + ", " + transformed + ")");
            String raw = bounded(s.parameter(path + "/scale"));
            String own = s.let("torch.view(" + raw + ", [" + flow.size() + ", " + flow.size() / 2 + "])");
            // Each number twice, side by side: one of the two fields is of the colour.
            String twice = "torch.view(torch.stack([" + own + ", " + own + "], -1), [1, 1, " + flow.size() + ", "
                    + flow.size() + "])";
            String spread = s.let("torch.mul(" + twice + ", " + seen + ")");
            add(logScale, own);
            String exponent = "torch.exp(torch.add(" + logScale + ", " + spread + "))";
            return s.let("torch.add(torch.mul(" + z + ", " + exponent + "), torch.mul(" + parts + "[0], " + transformed
                    + "))");
        }

        /** Four times the channels at half the size: those of each corner follow each other. */
        private String squeezed(String z, int scale) {
            int channels = flow.half(scale);
            int size = flow.size(scale + 1);
            String corners = "[" + flow.batch() + ", " + channels + ", " + size + ", 2, " + size + ", 2]";
            String turned = "torch.permute(torch.reshape(" + z + ", " + corners + "), [0, 3, 5, 1, 2, 4])";
            return s.let(s.laidOut("torch.reshape(" + turned + ", " + shape(4 * channels, size) + ")"));
        }

        /** Couplings of channels, whose halves take turns. */
        private String[] channels(int scale, String z) {
            int half = flow.half(scale);
            int size = flow.size(scale);
            String parts = s.let("torch.split(" + z + ", " + half + ", 1)");
            String[] halves = {parts + "[0]", parts + "[1]"};
            for (int i = 0; i < flow.couplings(); i++) {
                String path = "scale" + scale + "/coupling" + i;
                int transformed = i % 2;
                String seen = halves[1 - transformed];
                String output = network(path + "/conditioner", seen);
                String made = s.let("torch.split(" + output + ", " + half + ", 1)");
                String logScale = s.let(bounded(made + "[1]"));
                String raw = bounded(s.parameter(path + "/scale"));
                String own = s.let("torch.permute(torch.view(" + raw + ", [" + size + ", " + size + ", " + half
                        + "]), [2, 0, 1])");
                add(logScale, own);
                halves[transformed] = s.let(
                        "torch.addcmul(" + made + "[0], torch.exp(" + logScale + "), " + halves[transformed] + ")");
                halves[1 - transformed] = s.let("torch.mul(" + seen + ", torch.exp(" + own + "))");
            }
            return halves;
        }

        private String network(String path, String x) {
            String value = s.convolution(path + "/first", 3, x);
            for (int i = 0; i < flow.blocks(); i++) {
                String block = path + "/block" + i;
                String inner = s.let("torch.relu(" + s.convolution(block + "/conv", 3, relu(value)) + ")");
                value = s.let("torch.add(" + value + ", " + s.convolution(block + "/point", 1, inner) + ")");
            }
            return s.full(s.convolution(path + "/output", 3, relu(value)));
        }

        private String relu(String x) {
            return s.let("torch.relu(" + x + ")");
        }

        /** A coupling's log-scales: those of each image, and those that all share. */
        private void add(String logScale, String own) {
            String sums = s.let("torch.add(torch.sum(" + logScale + "), torch.mul(torch.sum(" + own + "), "
                    + (double) flow.batch() + "))");
            total = s.let("torch.add(" + total + ", " + sums + ")");
        }

        private void subtractSquares(String x) {
            total = s.let("torch.sub(" + total + ", torch.mul(torch.sum(torch.mul(" + x + ", " + x + ")), 0.5))");
        }

        private static String bounded(String raw) {
            double bound = Workload.CouplingFlow.LOG_SCALE_BOUND;
            return "torch.mul(torch.tanh(torch.mul(" + raw + ", " + 1 / bound + ")), " + bound + ")";
        }
    }
}
