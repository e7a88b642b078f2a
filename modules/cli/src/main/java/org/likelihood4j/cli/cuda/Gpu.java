package org.likelihood4j.cli.cuda;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.io.Printable;

/**
 * A graphics card as its driver describes it.
 *
 * @param index from 0, in the order of the bus
 * @param uuid such as {@code GPU-8a56a4bc-...}
 * @param major of the compute capability, as 8 of 8.6
 * @param minor of the compute capability, as 6 of 8.6
 */
record Gpu(int index, String uuid, String name, int major, int minor) {
    /** One line of {@link NvidiaSmi}: {@code 0, GPU-8a56a4bc, NVIDIA GeForce RTX 3090, 8.6}. A name may have commas. */
    private static final Pattern LINE =
            Pattern.compile("(\\d{1,4}), *([A-Za-z0-9-]+), *(.+), *(\\d{1,3})\\.(\\d{1,3})");

    /** @throws UserError if the text says anything else than one card a line */
    static List<Gpu> parse(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Gpu::parseLine)
                .toList();
    }

    private static Gpu parseLine(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new UserError("device cuda: cannot tell which GPU this is; nvidia-smi says \""
                    + Printable.line(Printable.shorten(line))
                    + "\"; CUDA 11.6 needs an NVIDIA driver of version 510 or newer");
        }
        return new Gpu(
                Integer.parseInt(matcher.group(1)),
                matcher.group(2),
                Printable.line(matcher.group(3).strip()),
                Integer.parseInt(matcher.group(4)),
                Integer.parseInt(matcher.group(5)));
    }

    @Override
    public String toString() {
        return "GPU " + index + " (" + name + ", compute capability " + major + "." + minor + ")";
    }
}
