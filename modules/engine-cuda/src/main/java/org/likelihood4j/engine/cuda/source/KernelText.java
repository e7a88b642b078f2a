package org.likelihood4j.engine.cuda.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.engine.cuda.source.Launch.Argument;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Storage;

/**
 * The text of one kernel, as it is written. It knows where a region begins only as an argument, so that kernels that do the same
 * elsewhere have the same text.
 */
final class KernelText {
    /** Stands for the kernel's name. */
    private static final String NAME = "@";

    private final Plan plan;
    /** Buffers that the kernel writes. */
    private final Set<Integer> written;

    private final Map<RegionUse, Access> accesses = new LinkedHashMap<>();
    private final List<String> parameters = new ArrayList<>();
    private final List<Argument> arguments = new ArrayList<>();
    private final StringBuilder globals = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private int depth = 1;
    private int blocks = 1;
    private int threads = 1;
    private int together;
    private long scratch;
    private int tickets;

    KernelText(Plan plan, Set<Integer> written) {
        this.plan = plan;
        this.written = written;
    }

    /** A region as a parameter of the kernel. */
    record Access(String name, Region region, Storage storage, int extent) {
        private String suffix() {
            return storage == Storage.BFLOAT16 ? "_BF16(" : "(";
        }

        /** The number at a row and a column. */
        String load(String row, String column) {
            return "LD" + suffix() + name + ", " + index(row, column) + ", " + extent + ")";
        }

        /** A statement that stores a number there. */
        String store(String row, String column, String value) {
            return "ST" + suffix() + name + ", " + index(row, column) + ", " + extent + ", " + value + ");";
        }

        private String index(String row, String column) {
            List<String> terms = new ArrayList<>();
            if (region.rowStride() != 0) {
                String different = region.each() == 1 ? row : row + " / " + region.each();
                String mapped = region.period() == 0 ? different : different + " % " + region.period();
                terms.add(
                        region.isPlain()
                                ? scaled(row, region.rowStride())
                                : scaled("(" + mapped + ")", region.rowStride()));
            }
            if (region.columnStride() != 0) {
                terms.add(scaled(column, region.columnStride()));
            }
            return terms.isEmpty() ? "0" : String.join(" + ", terms);
        }

        private static String scaled(String index, int stride) {
            return stride == 1 ? index : index + " * " + stride;
        }
    }

    /** Makes a region a parameter, if it is none yet. */
    Access access(RegionUse use) {
        return accesses.computeIfAbsent(use, this::parameter);
    }

    private Access parameter(RegionUse use) {
        Region region = use.region();
        Storage storage = plan.buffers().get(region.buffer()).storage();
        String type = storage == Storage.BFLOAT16 ? "unsigned short" : "float";
        String name = (use.written() ? "to" : "from") + accesses.size();
        // What no kernel writes while this one runs may be read by way of another cache.
        boolean constant = !use.written() && !written.contains(region.buffer());
        parameters.add((constant ? "const " + type + "* __restrict__ " : type + "* ") + name);
        arguments.add(new Argument.Data(region.buffer(), (long) region.offset() * storage.bytes()));
        return new Access(name, region, storage, use.extent());
    }

    /** Lets blocks leave floats for the one that comes last, of all or of each of some groups; to be asked for once, at the end. */
    void meet(long floats, int counters) {
        scratch = floats;
        tickets = counters;
        parameters.add("float* scratch");
        parameters.add("unsigned* tickets");
        arguments.add(new Argument.Scratch());
        arguments.add(new Argument.Tickets());
    }

    /**
     * Sets how many blocks a multiprocessor is to have at once at least. Without it the compiler would rather use fewer registers, so that
     * more fit, and would have to spill some.
     */
    void together(int ofBlocks) {
        together = ofBlocks;
    }

    /** Sets how many blocks there are, and the threads of each. */
    void shape(int ofBlocks, int ofThreads) {
        blocks = ofBlocks;
        threads = ofThreads;
    }

    /** A line before the kernel; {@link #named} names what is in it. */
    void global(String line) {
        globals.append(line).append('\n');
    }

    /** A name that no other kernel has. */
    static String named(String suffix) {
        return NAME + suffix;
    }

    /** A line of the kernel. What opens a brace is followed by deeper lines, what begins by closing one stands as before it. */
    void line(String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        body.append("  ".repeat(depth)).append(line).append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
    }

    /** A number of float32, as it is written. */
    static String number(float value) {
        return Float.isFinite(value)
                ? value + "f"
                : "__int_as_float(0x" + Integer.toHexString(Float.floatToRawIntBits(value)) + ")";
    }

    long scratch() {
        return scratch;
    }

    int tickets() {
        return tickets;
    }

    /** The whole text, where {@code @} stands for the name. */
    String text() {
        String bounds = threads + (together > 0 ? ", " + together : "");
        return globals + "extern \"C\" __global__ void __launch_bounds__(" + bounds + ") " + NAME + "("
                + String.join(", ", parameters) + ") {\n" + body + "}\nENTRY(" + NAME + ")\n";
    }

    static String text(String text, String name) {
        return text.replace(NAME, name);
    }

    Launch launch(String name) {
        return new Launch(name, blocks, threads, arguments);
    }
}
