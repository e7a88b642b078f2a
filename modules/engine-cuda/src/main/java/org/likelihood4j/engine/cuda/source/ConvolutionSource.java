package org.likelihood4j.engine.cuda.source;

import java.util.List;
import org.likelihood4j.engine.cuda.source.KernelText.Access;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Storage;

/**
 * A convolution or one of its gradients as a product whose factors are never stored: {@code out[m, n] = sum over k of left(m, k)
 * right(k, n)}. A block brings a piece of both to shared memory, gathering patches as it loads, and multiplies; each thread has some
 * rows and columns of the result, so far apart that threads beside each other have neighbours.
 *
 * <p>With p = (n, i, j) a pixel of y, q = (n, h, w) one of x, t = (a, b) a place of the kernel, c and o channels of x and y:
 *
 * <pre>
 * direction   m       n    k       left(m, k)                            right(k, n)
 * FORWARD     p       o    (t, c)  x at (n, i s - top + a, ...), c       w[t, c, o]
 * DATA        q       c    (t, o)  y at (n, (h + top - a) / s, ...), o   w[t, c, o]
 * WEIGHTS     (t, c)  o    p       x at (n, i s - top + a, ...), c       y[p, o]
 * </pre>
 *
 * <p>where left is 0 if that pixel is none, or no whole one. If the result has few pieces, blocks share the sums of each piece, and the
 * last one that comes to it adds what they have, in their order.
 */
final class ConvolutionSource {
    /** Of a block's 128 threads each has then 128 registers, half of which hold sums. */
    private static final int TOGETHER = 4;

    private final Kernel.Convolution convolution;
    private final ConvolutionShape shape;
    private final KernelText text;
    private final Access a;
    private final Access b;
    private final Access out;
    private final Access bias;
    /** Whether a factor in float32 is to be rounded. */
    private final boolean roundsA;

    private final boolean roundsB;

    private final int m;
    private final int n;
    private final int k;

    private final int threadRows;
    private final int threadColumns;
    /** Rows and columns of a thread. */
    private final int eachRow;

    private final int eachColumn;
    /** Rows and columns of a block. */
    private final int height;

    private final int width;
    private final int depth;
    private final int across;
    private final int pieces;
    private final int shares;
    /** Terms of one share. */
    private final int share;

    ConvolutionSource(Plan plan, Kernel.Convolution convolution, Tiles tiles, KernelText text) {
        this.convolution = convolution;
        this.shape = convolution.shape();
        this.text = text;
        List<RegionUse> uses = RegionUse.of(plan, convolution);
        this.a = text.access(uses.get(0));
        this.b = text.access(uses.get(1));
        this.out = text.access(uses.get(2));
        this.bias = convolution.bias() == null ? null : text.access(uses.get(3));
        this.roundsA = convolution.narrow() && a.storage() == Storage.FLOAT32;
        this.roundsB = convolution.narrow() && b.storage() == Storage.FLOAT32;
        this.m = uses.get(2).rows();
        this.n = uses.get(2).columns();
        this.k = switch (convolution.direction()) {
            case FORWARD -> shape.taps();
            case DATA -> shape.kernelHeight() * shape.kernelWidth() * shape.out();
            case WEIGHTS -> shape.outRows();
        };
        this.threadRows = tiles.threadRows();
        this.threadColumns = tiles.threadColumns();
        this.eachRow = tiles.each(m, threadRows);
        this.eachColumn = tiles.each(n, threadColumns);
        this.height = threadRows * eachRow;
        this.width = threadColumns * eachColumn;
        this.depth = tiles.depth();
        this.across = Tiles.parts(n, width);
        Tiles.counted((long) m * n);
        this.pieces = Math.multiplyExact(Tiles.parts(m, height), across);
        // Shares of a few turns are not worth putting together.
        int wanted = Math.min(Tiles.parts(tiles.blocks(), pieces), Tiles.parts(k, 4L * depth));
        this.share = Tiles.parts(Tiles.parts(k, wanted), depth) * depth;
        this.shares = Tiles.parts(k, share);
        text.shape(Math.multiplyExact(pieces, shares), threadRows * threadColumns);
        text.together(TOGETHER);
    }

    KernelText text() {
        text.line("SHARED(left, " + leftSize() + ");");
        text.line("SHARED(right, " + rightSize() + ");");
        text.line("const int piece = blockIdx.x % " + pieces + ", share = blockIdx.x / " + pieces + ";");
        text.line("const int top = piece / " + across + " * " + height + ", side = piece % " + across + " * " + width
                + ";");
        text.line("const int row = threadIdx.x / " + threadColumns + ", column = threadIdx.x % " + threadColumns + ";");
        text.line("const int end = share == " + (shares - 1) + " ? " + k + " : (share + 1) * " + share + ";");
        text.line("float sum[" + eachRow + "][" + eachColumn + "] = {};");
        text.line("for (int from = share * " + share + "; from < end; from += " + depth + ") {");
        fill("left", height, convolution.direction() == Direction.WEIGHTS);
        fill("right", width, convolution.direction() != Direction.DATA);
        text.line("__syncthreads();");
        multiply();
        text.line("__syncthreads();");
        text.line("}");
        if (shares == 1) {
            forResults(() -> finish("sum[i][j]"));
        } else {
            meet();
        }
        return text;
    }

    private int leftSize() {
        return depth * (height + 1);
    }

    private int rightSize() {
        return depth * (width + 1);
    }

    /**
     * Brings a piece of a factor to shared memory, with a gap behind each row, so that threads beside each other write to different banks.
     *
     * @param length of the piece beside the sum's terms
     * @param alongLength whether numbers that stand beside each other differ by that, and not by the sum's term
     */
    private void fill(String factor, int length, boolean alongLength) {
        boolean isLeft = factor.equals("left");
        int size = depth * length;
        text.line("UNROLL_4 for (int e = threadIdx.x; e < " + size + "; e += " + threadRows * threadColumns + ") {");
        String fast = "e % " + (alongLength ? length : depth);
        String slow = "e / " + (alongLength ? length : depth);
        text.line("const int at = " + (alongLength ? fast : slow) + ", term = " + (alongLength ? slow : fast) + ";");
        text.line("const int " + (isLeft ? "m = top + at" : "n = side + at") + ", k = from + term;");
        text.line("float v = 0;");
        text.line("if (" + (isLeft ? "m < " + m : "n < " + n) + " && k < end) {");
        if (isLeft) {
            left();
        } else {
            right();
        }
        text.line("}");
        text.line("ST(" + factor + ", term * " + (length + 1) + " + at, " + (isLeft ? leftSize() : rightSize())
                + ", v);");
        text.line("}");
    }

    private void left() {
        if (convolution.direction() == Direction.DATA) {
            pixelOf("m", shape.height(), shape.width());
            placeOf("k", shape.out());
            text.line("const int down = y + " + shape.top() + " - p, across = x + " + shape.left() + " - q;");
            String whole = divides("down", shape.strideDown()) + divides("across", shape.strideAcross());
            text.line("if (down >= 0 && across >= 0" + whole + ") {");
            text.line("const int i = down / " + shape.strideDown() + ", j = across / " + shape.strideAcross() + ";");
            text.line("if (i < " + shape.outHeight() + " && j < " + shape.outWidth() + ") v = "
                    + rounded(a.load(row(shape.outHeight(), shape.outWidth(), "i", "j"), "channel"), roundsA) + ";");
            text.line("}");
            return;
        }
        boolean forward = convolution.direction() == Direction.FORWARD;
        pixelOf(forward ? "m" : "k", shape.outHeight(), shape.outWidth());
        placeOf(forward ? "k" : "m", shape.in());
        text.line("const int i = y * " + shape.strideDown() + " - " + shape.top() + " + p;");
        text.line("const int j = x * " + shape.strideAcross() + " - " + shape.left() + " + q;");
        text.line("if (i >= 0 && i < " + shape.height() + " && j >= 0 && j < " + shape.width() + ") v = "
                + rounded(a.load(row(shape.height(), shape.width(), "i", "j"), "channel"), roundsA) + ";");
    }

    private void right() {
        if (convolution.direction() == Direction.DATA) {
            String weight = "(k / " + shape.out() + " * " + shape.in() + " + n)";
            text.line("v = " + rounded(b.load(weight, "(k % " + shape.out() + ")"), roundsB) + ";");
        } else {
            text.line("v = " + rounded(b.load("k", "n"), roundsB) + ";");
        }
    }

    /** Of images of a size: which image, row and column an index is of. */
    private void pixelOf(String index, int rows, int columns) {
        text.line("const int image = " + index + " / " + rows * columns + ", y = " + index + " / " + columns + " % "
                + rows + ", x = " + index + " % " + columns + ";");
    }

    /** Which row and column of the kernel and which channel an index is of. */
    private void placeOf(String index, int channels) {
        text.line("const int p = " + index + " / " + channels * shape.kernelWidth() + ", q = " + index + " / "
                + channels + " % " + shape.kernelWidth() + ", channel = " + index + " % " + channels + ";");
    }

    private static String row(int rows, int columns, String i, String j) {
        return "((image * " + rows + " + " + i + ") * " + columns + " + " + j + ")";
    }

    private static String divides(String value, int stride) {
        return stride == 1 ? "" : " && " + value + " % " + stride + " == 0";
    }

    private static String rounded(String value, boolean rounds) {
        return rounds ? "from_bf16(to_bf16(" + value + "))" : value;
    }

    private void multiply() {
        text.line("UNROLL for (int term = 0; term < " + depth + "; term++) {");
        text.line("float l[" + eachRow + "];");
        text.line("UNROLL for (int i = 0; i < " + eachRow + "; i++) l[i] = LD(left, term * " + (height + 1) + " + i * "
                + threadRows + " + row, " + leftSize() + ");");
        text.line("UNROLL for (int j = 0; j < " + eachColumn + "; j++) {");
        text.line("const float r = LD(right, term * " + (width + 1) + " + j * " + threadColumns + " + column, "
                + rightSize() + ");");
        text.line("UNROLL for (int i = 0; i < " + eachRow + "; i++) sum[i][j] += l[i] * r;");
        text.line("}");
        text.line("}");
    }

    private void forResults(Runnable body) {
        text.line("UNROLL for (int i = 0; i < " + eachRow + "; i++) {");
        text.line("UNROLL for (int j = 0; j < " + eachColumn + "; j++) {");
        text.line("const int m = top + i * " + threadRows + " + row, n = side + j * " + threadColumns + " + column;");
        text.line("if (m < " + m + " && n < " + n + ") {");
        body.run();
        text.line("}");
        text.line("}");
        text.line("}");
    }

    private void finish(String sum) {
        String biased = bias == null ? sum : sum + " + " + bias.load("0", "n");
        text.line("const float made = " + biased + ";");
        text.line(out.store("m", "n", convolution.rectified() ? "made < 0 ? 0.0f : made" : "made"));
    }

    private void meet() {
        long results = (long) m * n;
        long scratch = results * shares;
        String place = " * " + results + "LL + m * " + n + " + n, " + scratch + "LL";
        forResults(() -> text.line("ST_LEFT(scratch, share" + place + ", sum[i][j]);"));
        text.line("if (comes_last(tickets + piece, " + shares + ", left)) {");
        forResults(() -> {
            text.line("float all = 0;");
            text.line("for (int s = 0; s < " + shares + "; s++) all += LD_LEFT(scratch, s" + place + ");");
            finish("all");
        });
        text.line("}");
        text.meet(scratch, pieces);
    }
}
