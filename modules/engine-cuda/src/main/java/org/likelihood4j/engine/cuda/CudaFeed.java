package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.cuda.source.FeedKernels;
import org.likelihood4j.engine.cuda.source.NoiseKernels.Distribution;
import org.likelihood4j.engine.cuda.source.Tiles;

/**
 * A program's inputs, made on the card: its data stay there, and a step is told the numbers of its examples, a key for each noise, and a
 * weight. One thread at a time.
 */
final class CudaFeed implements AutoCloseable {
    /** Bytes that are on the way to the card at a time. */
    private static final int PIECE = 1 << 24;

    private final CardResources resources;
    private final Card card;
    private final int rows;
    private final int keys;
    /** What a step is told that is not taken in turns with others. */
    private final Pointer told;
    /** On the card what a step is told: keys, the examples' numbers, the weight. */
    private final long toldThere;

    private final long bytes;
    private final List<Runnable> fills = new ArrayList<>();
    /** Behind what has read {@link #told}. */
    private final Pointer read;

    private boolean sent;
    private boolean loaded;
    private Pointer graph;

    /**
     * For inputs of so many rows.
     *
     * @param places the address of each source's matrix; none of an input that no output needs
     */
    static CudaFeed of(Card card, int rows, List<InputSource> sources, Map<Integer, Long> places, Tiles tiles) {
        return card.make(resources -> new CudaFeed(resources, rows, sources, places, tiles));
    }

    private CudaFeed(
            CardResources resources, int rows, List<InputSource> sources, Map<Integer, Long> places, Tiles tiles) {
        this.resources = resources;
        this.card = resources.card();
        this.rows = rows;
        this.keys = (int)
                sources.stream().filter(InputSource.Noise.class::isInstance).count();
        this.bytes = (long) Long.BYTES * (keys + rows + 1);
        this.told = resources.pin(bytes);
        this.toldThere = resources.allocate(bytes);
        this.read = resources.event(false);
        long[] ownNumbers = new long[rows];
        for (int row = 0; row < rows; row++) {
            ownNumbers[row] = row;
        }
        Memory numbers = new Memory((long) Long.BYTES * Math.max(1, rows));
        numbers.write(0, ownNumbers, 0, rows);
        long rowNumbers = resources.allocate((long) Long.BYTES * rows);
        card.uploadNow(rowNumbers, numbers, (long) Long.BYTES * rows);
        int noises = 0;
        for (int i = 0; i < sources.size(); i++) {
            InputSource source = sources.get(i);
            long key = toldThere + (long) Long.BYTES * noises;
            noises += source instanceof InputSource.Noise ? 1 : 0;
            if (places.containsKey(i)) {
                fills.add(fill(source, key, rowNumbers, places.get(i), tiles));
            }
        }
    }

    /** How much of the card's memory sources need, but for what a step is told. */
    static long bytes(List<InputSource> sources) {
        long bytes = 0;
        for (InputSource source : sources) {
            if (source instanceof InputSource.Pixels pixels) {
                bytes += (long) pixels.examples() * pixels.columns();
            } else if (source instanceof InputSource.Numbers numbers) {
                bytes += (long) Float.BYTES * numbers.examples() * numbers.columns();
            } else if (source instanceof InputSource.Classes classes) {
                bytes += (long) Float.BYTES * classes.examples();
            }
        }
        return bytes;
    }

    private long examples() {
        return toldThere + (long) Long.BYTES * keys;
    }

    private Runnable fill(InputSource source, long key, long rowNumbers, long to, Tiles tiles) {
        if (source instanceof InputSource.Noise noise) {
            CudaNoise made = CudaNoise.of(
                    card,
                    noise.normal() ? Distribution.NORMALS : Distribution.UNIFORMS,
                    rows,
                    noise.columns(),
                    key,
                    noise.perExample() ? examples() : rowNumbers,
                    to,
                    tiles);
            return resources.own(made, CudaNoise::close)::fill;
        }
        if (source instanceof InputSource.Pixels pixels) {
            long there = resident(
                    pixels.examples(),
                    pixels.columns(),
                    pixels.reader(),
                    (memory, values) -> memory.write(0, values, 0, values.length));
            return kernel("pixels", kernels(pixels.columns(), pixels.examples(), tiles), tiles, there, examples(), to);
        }
        if (source instanceof InputSource.Numbers numbers) {
            long there = residentFloats(numbers.examples(), numbers.columns(), numbers.reader());
            return kernel(
                    "numbers", kernels(numbers.columns(), numbers.examples(), tiles), tiles, there, examples(), to);
        }
        if (source instanceof InputSource.Classes classes) {
            long there = residentFloats(classes.examples(), 1, classes.reader());
            return kernel(
                    "classes", kernels(classes.columns(), classes.examples(), tiles), tiles, there, examples(), to);
        }
        long weight = examples() + (long) Long.BYTES * rows;
        return kernel("same", kernels(1, 1, tiles), tiles, weight, to);
    }

    private FeedKernels kernels(int columns, int examples, Tiles tiles) {
        return new FeedKernels(rows, columns, examples, tiles);
    }

    private Runnable kernel(String name, FeedKernels kernels, Tiles tiles, long... arguments) {
        Pointer function = card.function(resources.module(card.compile(kernels.text())), name);
        Memory parameters = Card.parameters(arguments);
        return () -> card.launch(function, kernels.blocks(), tiles.threads(), card.stream(), parameters);
    }

    private long residentFloats(int examples, int columns, InputSource.Reader<float[]> reader) {
        return resident(
                examples,
                columns * (long) Float.BYTES,
                reader,
                (memory, values) -> memory.write(0, values, 0, values.length));
    }

    /** Copies all examples to the card, some at a time. */
    private <A> long resident(int examples, long each, InputSource.Reader<A> reader, BiConsumer<Memory, A> writer) {
        long there = resources.allocate(examples * each);
        int most = (int) Math.max(1, Math.min(examples, PIECE / Math.max(1, each)));
        Memory piece = new Memory(Math.max(1, most * each));
        int from = 0;
        while (from < examples) {
            int to = from + Math.min(most, examples - from);
            writer.accept(piece, reader.read(from, to));
            card.uploadNow(there + from * each, piece, (to - from) * each);
            from = to;
        }
        return there;
    }

    /** Makes all inputs, in the card's order. */
    void give(StepFeed feed) {
        if (sent) {
            card.await(read);
        }
        write(feed, told);
        card.locked(() -> {
            if (!loaded) {
                enqueue(told);
                loaded = true;
            } else {
                graph = graph == null ? resources.graph(() -> enqueue(told)) : graph;
                card.launch(graph);
            }
            card.record(read, card.stream());
        });
        sent = true;
    }

    /** How much a step is told. */
    long bytes() {
        return bytes;
    }

    /** Writes what a step is told to memory of so many bytes. */
    void write(StepFeed feed, Pointer to) {
        if (feed.examples().length != rows || feed.keys().length != keys) {
            throw new IllegalArgumentException("a step of " + feed.examples().length + " examples and "
                    + feed.keys().length + " keys for " + rows + " and " + keys);
        }
        long[] numbers = new long[keys + rows];
        System.arraycopy(feed.keys(), 0, numbers, 0, keys);
        for (int row = 0; row < rows; row++) {
            numbers[keys + row] = feed.examples()[row];
        }
        to.write(0, numbers, 0, numbers.length);
        to.setFloat((long) Long.BYTES * numbers.length, (float) feed.same());
    }

    /** Makes all inputs of what pinned memory will say when the card comes to it, also as a part of a graph; the card is locked. */
    void enqueue(Pointer from) {
        card.upload(toldThere, from, bytes);
        fills.forEach(Runnable::run);
    }

    @Override
    public void close() {
        resources.close();
    }
}
