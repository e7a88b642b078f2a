package org.likelihood4j.engine.cuda.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.likelihood4j.engine.cuda.source.KernelText.Access;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;

/**
 * A fused kernel. Without folds each thread has one position. With them a block is some warps, each of which takes rows in turn, its
 * threads columns 32 apart: a fold over columns is a warp's, one over rows a block's, by way of shared memory. Where it goes over
 * several blocks, each leaves its part in the scratch, and the block that comes last puts the parts together in their order.
 *
 * <p>For folds of groups of rows the rows are taken in the order of their groups, so that a block has rows of one group only, and the
 * fold is one over its rows. All other folds do not mind the order. Groups of another kind need another one: a kernel of
 * their own, which computes what they fold again.
 */
final class FusedSource {
    private final Kernel.Fused fused;
    private final Tiles tiles;
    private final KernelText text;
    /** Folds of this kernel; of others of the same plan's kernel nothing is seen here. */
    private final List<Step.Reduce> folds;

    private final boolean stores;

    /** Warps of a block. */
    private final int warps;
    /** Columns that each thread of a warp has. */
    private final int lanes;
    /** Columns of a block. */
    private final int width;
    /** Blocks beside each other. */
    private final int across;
    /** Groups of rows. */
    private final int groups;
    /** Rows of a group that follow each other. */
    private final int each;
    /** Rows of a group. */
    private final int members;
    /** Rows that each warp of a block takes in turn. */
    private final int turns;
    /** Blocks that share a group. */
    private final int shares;
    /** Where each fold's parts begin in the scratch; -1 where there is one part. */
    private final long[] parts;

    private long scratch;

    /** The texts of one kernel: more than one where it folds groups of different kinds. */
    static List<KernelText> texts(Kernel.Fused fused, Tiles tiles, Supplier<KernelText> text) {
        Map<List<Integer>, List<Step.Reduce>> groups = new LinkedHashMap<>();
        List<Step.Reduce> others = new ArrayList<>();
        for (Step step : fused.steps()) {
            if (step instanceof Step.Reduce reduce) {
                Region to = reduce.to();
                (reduce.over() == Reduction.GROUPS
                                ? groups.computeIfAbsent(List.of(to.each(), to.period()), kind -> new ArrayList<>())
                                : others)
                        .add(reduce);
            }
        }
        if (groups.isEmpty()) {
            return List.of(new FusedSource(fused, tiles, others, true, text.get()).write());
        }
        List<KernelText> texts = new ArrayList<>();
        for (List<Step.Reduce> kind : groups.values()) {
            boolean first = texts.isEmpty();
            if (first) {
                kind.addAll(others);
            }
            texts.add(new FusedSource(fused, tiles, kind, first, text.get()).write());
        }
        return texts;
    }

    private FusedSource(Kernel.Fused fused, Tiles tiles, List<Step.Reduce> folds, boolean stores, KernelText text) {
        this.fused = fused;
        this.tiles = tiles;
        this.text = text;
        this.folds = folds;
        this.stores = stores;
        this.warps = tiles.warps();
        this.lanes = Math.min(tiles.lanes(fused.registers()), Tiles.parts(fused.columns(), 32));
        this.width = 32 * lanes;
        this.across = Tiles.parts(fused.columns(), width);
        Region grouped = folds.stream()
                .filter(fold -> fold.over() == Reduction.GROUPS)
                .map(Step.Reduce::to)
                .findFirst()
                .orElse(new Region(0, 0, 0, 0, 1, 1));
        this.groups = grouped.period();
        this.each = grouped.each();
        this.members = fused.rows() / groups;
        // As many turns as leave about the wanted number of blocks.
        long rows = Math.max(1, (long) members * groups * across / tiles.blocks());
        this.turns = Math.min(Tiles.parts(members, warps), Tiles.parts(rows, warps));
        this.shares = Tiles.parts(members, (long) warps * turns);
        // Up to its last rows, of which there may be none.
        Tiles.counted((long) groups * shares * warps * turns * fused.columns());
        this.parts = new long[folds.size()];
        for (int i = 0; i < parts.length; i++) {
            long room = switch (folds.get(i).over()) {
                case COLUMNS -> across > 1 ? (long) across * fused.rows() : 0;
                case ROWS -> groups * shares > 1 ? (long) groups * shares * fused.columns() : 0;
                case GROUPS -> shares > 1 ? (long) groups * shares * fused.columns() : 0;
                case ALL -> blocks() > 1 ? blocks() : 0;
            };
            parts[i] = room == 0 ? -1 : scratch;
            scratch += room;
        }
        Tiles.counted(scratch);
    }

    private int blocks() {
        return Math.multiplyExact(Math.multiplyExact(groups, shares), across);
    }

    private KernelText write() {
        if (folds.isEmpty()) {
            elementwise();
        } else {
            folding();
        }
        return text;
    }

    private void elementwise() {
        int n = Tiles.counted((long) fused.rows() * fused.columns());
        text.shape(Tiles.parts(n, tiles.threads()), tiles.threads());
        text.line("const int i = blockIdx.x * " + tiles.threads() + " + threadIdx.x;");
        text.line("if (i < " + n + ") {");
        text.line("const int r = i / " + fused.columns() + ", c = i % " + fused.columns() + ";");
        steps();
        text.line("}");
    }

    private void folding() {
        text.shape(blocks(), tiles.threads());
        text.together(tiles.together(fused.registers()));
        text.line("const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;");
        text.line("const int across = blockIdx.x % " + across + ", down = blockIdx.x / " + across + ";");
        boolean meets = scratch > 0;
        boolean shared = meets || folds.stream().anyMatch(fold -> fold.over() != Reduction.COLUMNS);
        if (shared) {
            text.line("SHARED(part, " + warps * width + ");");
        }
        for (int i = 0; i < folds.size(); i++) {
            Step.Reduce fold = folds.get(i);
            if (fold.over() == Reduction.ALL) {
                text.line("float fold" + i + " = " + identity(fold.fold()) + ";");
            } else if (fold.over() != Reduction.COLUMNS) {
                text.line("float fold" + i + "[" + lanes + "];");
                text.line("UNROLL for (int k = 0; k < " + lanes + "; k++) fold" + i + "[k] = " + identity(fold.fold())
                        + ";");
            }
        }
        rows();
        boolean used = false;
        for (int i = 0; i < folds.size(); i++) {
            if (folds.get(i).over() != Reduction.COLUMNS) {
                if (used) {
                    text.line("__syncthreads();");
                }
                used = true;
                if (folds.get(i).over() == Reduction.ALL) {
                    foldBlock(folds.get(i).fold(), "fold" + i, put(i, "blockIdx.x", "0", "all"));
                } else {
                    foldWarps(i);
                }
            }
        }
        if (meets) {
            meet();
        }
    }

    /** Goes over the block's rows. */
    private void rows() {
        text.line("for (int turn = 0; turn < " + turns + "; turn++) {");
        String share = shares == 1 ? "" : "down % " + shares + " * " + warps * turns + " + ";
        text.line("const int member = " + share + "turn * " + warps + " + warp;");
        String group = shares == 1 ? "down" : "down / " + shares;
        text.line("const int r = "
                + (groups == 1
                        ? "member"
                        : "(member / " + each + " * " + groups + " + " + group + ") * " + each + " + member % " + each)
                + ";");
        for (int i = 0; i < folds.size(); i++) {
            if (folds.get(i).over() == Reduction.COLUMNS) {
                text.line("float fold" + i + " = " + identity(folds.get(i).fold()) + ";");
            }
        }
        text.line("if (member < " + members + ") {");
        text.line("UNROLL for (int k = 0; k < " + lanes + "; k++) {");
        text.line("const int c = across * " + width + " + k * 32 + lane;");
        text.line("if (c < " + fused.columns() + ") {");
        steps();
        text.line("}");
        text.line("}");
        text.line("}");
        for (int i = 0; i < folds.size(); i++) {
            Step.Reduce fold = folds.get(i);
            if (fold.over() == Reduction.COLUMNS) {
                text.line("fold" + i + " = " + warpFold(fold.fold()) + "(fold" + i + ");");
                text.line("if (lane == 0 && member < " + members + ") "
                        + put(i, "across * " + fused.rows() + " + r", "r", "fold" + i));
            }
        }
        text.line("}");
    }

    /** All steps at position r, c; what is folded is added to what its thread has. */
    private void steps() {
        StringBuilder registers = new StringBuilder("float ");
        for (int i = 0; i < fused.registers(); i++) {
            registers.append(i == 0 ? "v" : ", v").append(i);
        }
        text.line(registers + ";");
        for (Step step : fused.steps()) {
            if (step instanceof Step.Constant constant) {
                text.line("v" + constant.register() + " = " + KernelText.number((float) constant.value()) + ";");
            } else if (step instanceof Step.Load load) {
                String value = text.access(new RegionUse(load.from(), fused.rows(), fused.columns(), false))
                        .load("r", "c");
                text.line("v" + load.register() + " = " + value + ";");
            } else if (step instanceof Step.Compute compute) {
                String value = expression(compute.operation(), "v" + compute.a(), "v" + compute.b());
                text.line("v" + compute.out() + " = " + value + ";");
            } else if (step instanceof Step.Store store) {
                if (stores) {
                    text.line(text.access(new RegionUse(store.to(), fused.rows(), fused.columns(), true))
                            .store("r", "c", "v" + store.register()));
                }
            } else {
                Step.Reduce reduce = (Step.Reduce) step;
                int i = folds.indexOf(reduce);
                if (i >= 0) {
                    boolean byColumn = reduce.over() == Reduction.ROWS || reduce.over() == Reduction.GROUPS;
                    String to = "fold" + i + (byColumn ? "[k]" : "");
                    text.line(to + " = " + folded(reduce.fold(), to, "v" + reduce.register()) + ";");
                }
            }
        }
    }

    /** Puts together what the warps have of each column. */
    private void foldWarps(int i) {
        Fold fold = folds.get(i).fold();
        int size = warps * width;
        text.line("UNROLL for (int k = 0; k < " + lanes + "; k++) ST(part, warp * " + width + " + k * 32 + lane, "
                + size + ", fold" + i + "[k]);");
        text.line("__syncthreads();");
        text.line("for (int t = threadIdx.x; t < " + width + "; t += " + tiles.threads() + ") {");
        text.line("const int c = across * " + width + " + t;");
        text.line("float all = LD(part, t, " + size + ");");
        text.line("for (int w = 1; w < " + warps + "; w++) all = "
                + folded(fold, "all", "LD(part, w * " + width + " + t, " + size + ")") + ";");
        String result =
                groups == 1 || folds.get(i).over() == Reduction.ROWS ? "c" : "down * " + fused.columns() + " + c";
        text.line("if (c < " + fused.columns() + ") " + put(i, "down * " + fused.columns() + " + c", result, "all"));
        text.line("}");
    }

    /** Puts together what all threads have, for one of them to store. */
    private void foldBlock(Fold fold, String value, String store) {
        int size = warps * width;
        text.line(value + " = " + warpFold(fold) + "(" + value + ");");
        text.line("if (lane == 0) ST(part, warp, " + size + ", " + value + ");");
        text.line("__syncthreads();");
        text.line("if (threadIdx.x == 0) {");
        text.line("float all = LD(part, 0, " + size + ");");
        text.line("for (int w = 1; w < " + warps + "; w++) all = " + folded(fold, "all", "LD(part, w, " + size + ")")
                + ";");
        text.line(store);
        text.line("}");
    }

    /** To its place, or as a part to the scratch. */
    private String put(int i, String part, String result, String value) {
        return parts[i] < 0
                ? text.access(RegionUse.folded(fused, folds.get(i))).store("0", result, value)
                : "ST_LEFT(scratch, " + parts[i] + " + " + part + ", " + scratch + ", " + value + ");";
    }

    /** The block that comes last puts the parts together. */
    private void meet() {
        text.line("if (comes_last(tickets, " + blocks() + ", part)) {");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] >= 0) {
                meet(i);
            }
        }
        text.line("}");
        text.meet(scratch, 1);
    }

    private void meet(int i) {
        Step.Reduce fold = folds.get(i);
        int columns = fused.columns();
        int count = switch (fold.over()) {
            case COLUMNS -> fused.rows();
            case ROWS -> columns;
            case GROUPS -> groups * columns;
            case ALL -> 1;
        };
        int over = switch (fold.over()) {
            case COLUMNS -> across;
            case ROWS -> groups * shares;
            case GROUPS -> shares;
            case ALL -> blocks();
        };
        String at = fold.over() == Reduction.GROUPS && groups > 1
                ? "(t / " + columns + " * " + shares + " + p) * " + columns + " + t % " + columns
                : "p * " + count + " + t";
        String left = "LD_LEFT(scratch, " + parts[i] + " + " + at + ", " + scratch + ")";
        Access to = text.access(RegionUse.folded(fused, fold));
        if (count == 1) {
            // There may be thousands of parts: all threads take some.
            text.line("{");
            text.line("const int t = 0;");
            text.line("float some = " + identity(fold.fold()) + ";");
            text.line("for (int p = threadIdx.x; p < " + over + "; p += " + tiles.threads() + ") some = "
                    + folded(fold.fold(), "some", left) + ";");
            foldBlock(fold.fold(), "some", to.store("0", "0", "all"));
            text.line("__syncthreads();");
            text.line("}");
            return;
        }
        text.line("for (int t = threadIdx.x; t < " + count + "; t += " + tiles.threads() + ") {");
        text.line("float all = " + identity(fold.fold()) + ";");
        // Left to itself the compiler brings more at once than there are registers for.
        text.line("UNROLL_16 for (int p = 0; p < " + over + "; p++) all = " + folded(fold.fold(), "all", left) + ";");
        text.line(to.store("0", "t", "all"));
        text.line("}");
    }

    private static String identity(Fold fold) {
        return fold == Fold.SUM ? "0.0f" : "__int_as_float(0xff800000)";
    }

    private static String folded(Fold fold, String a, String b) {
        return fold == Fold.SUM ? a + " + " + b : "larger(" + a + ", " + b + ")";
    }

    private static String warpFold(Fold fold) {
        return fold == Fold.SUM ? "warp_sum" : "warp_max";
    }

    private static String expression(Elementwise operation, String a, String b) {
        return switch (operation) {
            case COPY -> a;
            case BFLOAT16 -> "from_bf16(to_bf16(" + a + "))";
            case NEG -> "-" + a;
            case ABS -> "fabsf(" + a + ")";
            case SIGN -> a + " > 0 ? 1.0f : " + a + " < 0 ? -1.0f : " + a;
            case EXP -> "expf(" + a + ")";
            case LOG -> "logf(" + a + ")";
            case LOG1P -> "log1pf(" + a + ")";
            case SQRT -> "sqrtf(" + a + ")";
            case ROUND -> "roundf(" + a + ")";
            case TANH -> "tanhf(" + a + ")";
            case SIGMOID -> "1.0f / (1.0f + expf(-" + a + "))";
            case RELU -> a + " < 0 ? 0.0f : " + a;
            case ELU -> a + " > 0 ? " + a + " : expm1f(" + a + ")";
            case ADD -> a + " + " + b;
            case SUB -> a + " - " + b;
            case MUL -> a + " * " + b;
            case DIV -> a + " / " + b;
            case MAX -> "larger(" + a + ", " + b + ")";
            case MIN -> "smaller(" + a + ", " + b + ")";
            case LESS -> a + " < " + b + " ? 1.0f : 0.0f";
            case EQUAL -> a + " == " + b + " ? 1.0f : 0.0f";
            case RELU_GRADIENT -> a + " > 0 ? " + b + " : 0.0f";
            case ELU_GRADIENT -> a + " > 0 ? " + b + " : " + b + " * expf(" + a + ")";
        };
    }
}
