package org.likelihood4j.engine.cuda.source;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;

/**
 * An {@link UpdateRule} as three kernels over flat vectors, which need nothing of the host between them. {@code squares} makes the
 * gradient's norm, in float64, where no square of a float overflows. {@code decide} lets the update go on if the norm and the loss are
 * finite, and counts it; if they are not, no later one goes on either, until the host says so: the parameters stay those of the
 * last good step, although the host hears of it some steps late. {@code update} is one pass over all vectors.
 *
 * <p>What they share is a row of doubles, the {@link State}.
 */
public final class UpdateSource {
    /** Where what is in the row of doubles. */
    public enum State {
        /** Of the gradient, before clipping. */
        NORM(0),
        /** Updates so far. */
        STEPS(1),
        /** The learning rate, which the host sets; it stands behind what it hands over with it. */
        LEARNING_RATE(2),
        /** 1 after a loss or a norm that was not finite. */
        HALTED(3),
        /** 1 if the update goes on. */
        GOES(4),
        /** What clipping leaves of the gradient. */
        SCALE(5),
        /** The rate with Adam's corrections. */
        RATE(6),
        /** Adam's epsilon with its corrections. */
        EPSILON(7),
        /** What weight decay leaves of the parameters. */
        KEEP(8),
        /** Of the moving average. */
        DECAY(9);

        private final int place;

        State(int place) {
            this.place = place;
        }

        /** Its number in the row. */
        public int place() {
            return place;
        }
    }

    /** Numbers in the row. */
    public static final int STATES = State.values().length;

    private final UpdateRule rule;
    private final List<Slot> slots;
    private final int length;
    private final int threads;
    private final int blocks;
    private final int together;

    /** For vectors with these slots. */
    public UpdateSource(UpdateRule rule, List<Slot> slots, Tiles tiles) {
        this.rule = rule;
        this.slots = List.copyOf(slots);
        Slot last = slots.get(slots.size() - 1);
        this.length = Tiles.counted(last.offset() + last.length());
        this.threads = tiles.threads();
        this.together = tiles.together();
        this.blocks = Math.min(Tiles.parts(length, threads), tiles.blocks());
    }

    /** Of each kernel but {@code decide}, which has one of a warp. */
    public int blocks() {
        return blocks;
    }

    public int threads() {
        return threads;
    }

    private boolean isAdam() {
        return rule.optimizer() instanceof Optimizer.Adam;
    }

    /**
     * The text of the kernels.
     *
     * <pre>
     * squares(gradient, parts, tickets, state)    a double for each block, a counter that is 0
     * decide(loss, state)
     * update(parameters, gradient, moment, second moment if it is Adam, moving average if there is one, state)
     * </pre>
     */
    public String text() {
        return String.join("\n", KernelSource.prelude(), squares(), decide(), update());
    }

    private static String get(State state) {
        return "LD_DOUBLE(state, " + state.place() + ", " + STATES + ")";
    }

    private static String set(State state, String value) {
        return "ST_DOUBLE(state, " + state.place() + ", " + STATES + ", " + value + ");";
    }

    private String squares() {
        return """
                static __device__ double block_sum(double* part, double sum) {
                  ST_DOUBLE(part, threadIdx.x, THREADS, sum);
                  __syncthreads();
                  for (int half = THREADS / 2; half > 0; half /= 2) {
                    if (threadIdx.x < half) {
                      const double both = LD_DOUBLE(part, threadIdx.x, THREADS) + LD_DOUBLE(part, threadIdx.x + half, THREADS);
                      ST_DOUBLE(part, threadIdx.x, THREADS, both);
                    }
                    __syncthreads();
                  }
                  return LD_DOUBLE(part, 0, THREADS);
                }
                extern "C" __global__ void __launch_bounds__(THREADS) squares(const float* __restrict__ gradient, double* parts, unsigned* tickets, double* state) {
                  SHARED_DOUBLE(part, THREADS);
                  SHARED(last, 1);
                  double sum = 0;
                  for (int i = blockIdx.x * THREADS + threadIdx.x; i < LENGTH; i += BLOCKS * THREADS) {
                    const double g = LD(gradient, i, LENGTH);
                    sum += g * g;
                  }
                  sum = block_sum(part, sum);
                  if (threadIdx.x == 0) ST_DOUBLE_LEFT(parts, blockIdx.x, BLOCKS, sum);
                  if (comes_last(tickets, BLOCKS, last)) {
                    sum = 0;
                    for (int i = threadIdx.x; i < BLOCKS; i += THREADS) sum += LD_DOUBLE_LEFT(parts, i, BLOCKS);
                    sum = block_sum(part, sum);
                    if (threadIdx.x == 0) SET_NORM
                  }
                }
                ENTRY(squares)
                """.replace("THREADS", String.valueOf(threads))
                .replace("BLOCKS", String.valueOf(blocks))
                .replace("LENGTH", String.valueOf(length))
                .replace("SET_NORM", set(State.NORM, "sqrt(sum)"));
    }

    private String decide() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "extern \"C\" __global__ void __launch_bounds__(32) decide(const float* __restrict__ loss, double* state) {");
        lines.add("  if (threadIdx.x == 0) {");
        lines.add("    const double norm = " + get(State.NORM) + ", learning_rate = " + get(State.LEARNING_RATE) + ";");
        lines.add(
                "    const bool goes = " + get(State.HALTED) + " == 0 && isfinite(norm) && isfinite(LD(loss, 0, 1));");
        lines.add("    const double t = " + get(State.STEPS) + " + (goes ? 1 : 0);");
        lines.add("    " + set(State.GOES, "goes ? 1 : 0"));
        lines.add("    " + set(State.HALTED, "goes ? 0 : 1"));
        lines.add("    " + set(State.STEPS, "t"));
        double clip = rule.clipNorm().orElse(Double.POSITIVE_INFINITY);
        lines.add("    "
                + set(State.SCALE, Double.isInfinite(clip) ? "1" : "norm > " + clip + " ? " + clip + " / norm : 1"));
        if (rule.optimizer() instanceof Optimizer.Adam adam) {
            lines.add("    const double second = sqrt(1 - pow(" + adam.beta2() + ", t));");
            lines.add("    " + set(State.RATE, "learning_rate * second / (1 - pow(" + adam.beta1() + ", t))"));
            lines.add("    " + set(State.EPSILON, adam.epsilon() + " * second"));
        } else {
            lines.add("    " + set(State.RATE, "learning_rate"));
        }
        lines.add("    "
                + set(State.KEEP, "1 - learning_rate * " + rule.optimizer().weightDecay()));
        rule.emaDecay().ifPresent(most -> lines.add("    " + set(State.DECAY, "fmin(" + most + ", t / (t + 9))")));
        lines.add("  }");
        lines.add("}");
        lines.add("ENTRY(decide)");
        return String.join("\n", lines) + "\n";
    }

    private String update() {
        boolean averages = rule.emaDecay().isPresent();
        List<String> lines = new ArrayList<>(decaying());
        lines.add("extern \"C\" __global__ void __launch_bounds__(" + threads + ", " + together
                + ") update(float* parameters, const float* __restrict__ gradient, float* moment, "
                + (isAdam() ? "float* second, " : "") + (averages ? "float* average, " : "")
                + "const double* __restrict__ state) {");
        lines.add("  if (" + get(State.GOES) + " == 0) return;");
        lines.add("  const float scale = " + get(State.SCALE) + ", rate = " + get(State.RATE) + ", keep = "
                + get(State.KEEP) + (isAdam() ? ", epsilon = " + get(State.EPSILON) : "") + ";");
        if (averages) {
            lines.add("  const double decay = " + get(State.DECAY) + ";");
            lines.add("  const float old = decay, fresh = 1 - decay;");
        }
        lines.add("  for (int i = blockIdx.x * " + threads + " + threadIdx.x; i < " + length + "; i += "
                + blocks * threads + ") {");
        lines.add("    const float p = (decays(i) ? keep : 1.0f) * " + load("parameters") + ";");
        if (rule.optimizer() instanceof Optimizer.Adam adam) {
            lines.add("    const float g = scale * " + load("gradient") + ";");
            lines.add("    const float m = " + KernelText.number((float) adam.beta1()) + " * " + load("moment") + " + "
                    + KernelText.number((float) (1 - adam.beta1())) + " * g;");
            lines.add("    const float v = " + KernelText.number((float) adam.beta2()) + " * " + load("second") + " + "
                    + KernelText.number((float) (1 - adam.beta2())) + " * g * g;");
            lines.add("    const float to = p - rate * m / (sqrtf(v) + epsilon);");
            lines.add("    " + store("second", "v"));
        } else {
            Optimizer.Momentum momentum = (Optimizer.Momentum) rule.optimizer();
            lines.add("    const float m = " + KernelText.number((float) momentum.momentum()) + " * " + load("moment")
                    + " + scale * " + load("gradient") + ";");
            lines.add("    const float to = p - rate * m;");
        }
        lines.add("    " + store("moment", "m"));
        lines.add("    " + store("parameters", "to"));
        if (averages) {
            lines.add("    " + store("average", "old * " + load("average") + " + fresh * to"));
        }
        lines.add("  }");
        lines.add("}");
        lines.add("ENTRY(update)");
        return String.join("\n", lines) + "\n";
    }

    /** Whether weight decay applies to an element: by the ends of runs of slots that are treated alike. */
    private List<String> decaying() {
        List<Long> ends = new ArrayList<>();
        for (int i = 1; i < slots.size(); i++) {
            if (slots.get(i).decay() != slots.get(i - 1).decay()) {
                ends.add(slots.get(i).offset());
            }
        }
        boolean first = slots.get(0).decay();
        if (ends.isEmpty() || rule.optimizer().weightDecay() == 0) {
            return List.of("static __device__ __forceinline__ bool decays(int) { return " + first + "; }");
        }
        return List.of(
                "static __device__ const int ends[] = {"
                        + ends.stream().map(String::valueOf).collect(Collectors.joining(",")) + "};",
                "static __device__ __forceinline__ bool decays(int i) {",
                "  int from = 0, to = " + ends.size() + ";",
                "  while (from < to) {",
                "    const int middle = (from + to) / 2;",
                "    if (ends[middle] <= i) from = middle + 1; else to = middle;",
                "  }",
                "  return (from % 2 == 0) == " + first + ";",
                "}");
    }

    private String load(String vector) {
        return "LD(" + vector + ", i, " + length + ")";
    }

    private String store(String vector, String value) {
        return "ST(" + vector + ", i, " + length + ", " + value + ");";
    }
}
