package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Storage;
import org.likelihood4j.engine.plan.PlanInterpreter;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels over matrices of random numbers, written by hand: many of them in one program, which g++ compiles at once. */
final class HandmadePlan {
    private static final int ALIGNMENT = 64;

    static final long[] LIBRARY_SHAPE = {5, 4};

    private final Random random;
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<Integer> outputs = new ArrayList<>();
    private final Map<String, float[]> inputs = new LinkedHashMap<>();
    private final List<Integer> destinations = new ArrayList<>();
    private long arena;

    HandmadePlan(long seed) {
        random = new Random(seed);
    }

    private Region add(int rows, int columns, Storage storage, Place place) {
        int id = buffers.size();
        Buffer buffer = new Buffer(id, "b" + id, rows, columns, storage, place);
        buffers.add(buffer);
        return new Region(id, 0, columns, 1);
    }

    private long room(int rows, int columns, Storage storage) {
        long at = arena;
        long floats = ((long) rows * columns * storage.bytes() + Float.BYTES - 1) / Float.BYTES;
        arena += (floats + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return at;
    }

    /** Random numbers that the plan is handed. */
    Region input(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return input(rows, columns, values);
    }

    /** Chosen ones. */
    Region input(int rows, int columns, float... values) {
        String name = "x" + inputs.size();
        inputs.put(name, values);
        return add(rows, columns, Storage.FLOAT32, new Place.Input(name, room(rows, columns, Storage.FLOAT32)));
    }

    /** A matrix that a kernel makes. */
    Region made(int rows, int columns, Storage storage) {
        return add(rows, columns, storage, new Place.Arena(room(rows, columns, storage)));
    }

    /** A matrix that a kernel makes, and that is compared. */
    Region output(int rows, int columns) {
        Region region = made(rows, columns, Storage.FLOAT32);
        isOutput(region);
        return region;
    }

    /** Has a matrix compared. */
    void isOutput(Region region) {
        outputs.add(region.buffer());
    }

    /** A matrix that is made in a place of the caller's. */
    Region destination(int rows, int columns) {
        Region region = add(rows, columns, Storage.FLOAT32, new Place.Destination(destinations.size()));
        destinations.add(region.buffer());
        return region;
    }

    /** A kernel of the library's: twice the numbers, of a matrix of {@link #LIBRARY_SHAPE}. */
    void twice(Region in, Region out) {
        add(new Kernel.Library("twice", "twice", List.of(in.buffer()), List.of(out.buffer())));
    }

    void add(Kernel kernel) {
        kernels.add(kernel);
    }

    Plan plan() {
        List<Integer> all = new ArrayList<>(outputs);
        all.addAll(destinations);
        return new Plan(buffers, kernels, all, arena);
    }

    /** What the plan means. */
    List<double[]> expected() {
        return PlanInterpreter.run(plan(), new PlanInterpreter.Values() {
            @Override
            public double[] input(String name) {
                float[] values = inputs.get(name);
                double[] all = new double[values.length];
                Arrays.setAll(all, i -> values[i]);
                return all;
            }

            @Override
            public double[] vector(String name) {
                throw new IllegalArgumentException(name);
            }

            @Override
            public double[] literal(String name) {
                throw new IllegalArgumentException(name);
            }

            @Override
            public void library(Kernel.Library kernel, List<double[]> in, List<double[]> out) {
                Arrays.setAll(out.get(0), i -> 2 * in.get(0)[i]);
            }
        });
    }

    /** Runs a plan on a card, some times, the last time kernel by kernel with a clock; of each run all results. */
    List<List<float[]>> run(Card card, Tiles tiles, int runs) {
        List<List<float[]>> all = new ArrayList<>();
        List<CudaStorage> places = new ArrayList<>();
        try (CardResources memory = card.make(made -> made)) {
            try (CudaProgram program = bind(memory, places, tiles)) {
                for (int run = 0; run < runs; run++) {
                    setInputs(program);
                    if (run < runs - 1) {
                        program.run();
                    } else {
                        program.run(new long[kernels.size()]);
                    }
                    // The next run's inputs, while this one may not even have begun.
                    inputs.forEach((name, values) -> program.setInput(name, Nd4j.zeros(DataType.FLOAT, values.length)));
                    List<float[]> results = new ArrayList<>();
                    for (int i = 0; i < outputs.size(); i++) {
                        INDArray array = Nd4j.createUninitialized(
                                DataType.FLOAT, buffers.get(outputs.get(i)).size());
                        program.read(i, array);
                        results.add(array.toFloatVector());
                    }
                    places.forEach(place -> results.add(place.host().toFloatVector()));
                    all.add(results);
                }
            }
        }
        return all;
    }

    /** A program of the plan, which is closed before its places are. */
    CudaProgram bind(CardResources memory, List<CudaStorage> places, Tiles tiles) {
        Card card = memory.card();
        card.locked(() -> destinations.forEach(
                id -> places.add(new CudaStorage(memory, buffers.get(id).size()))));
        return CudaProgram.bind(card, plan(), new Outside(places), tiles, false, () -> {});
    }

    void setInputs(CudaProgram program) {
        inputs.forEach((name, values) -> program.setInput(name, Nd4j.createFromArray(values)));
    }

    /** Each run gives the same bits, and what the plan means, to rounding. */
    void check(Card card, Tiles tiles, double tolerance) {
        List<double[]> expected = expected();
        List<List<float[]>> runs = run(card, tiles, 4);
        for (int i = 0; i < expected.size(); i++) {
            double largest = Arrays.stream(expected.get(i))
                    .map(Math::abs)
                    .filter(Double::isFinite)
                    .max()
                    .orElse(0);
            float[] found = runs.get(0).get(i);
            for (int at = 0; at < found.length; at++) {
                double difference = Math.abs(found[at] - expected.get(i)[at]);
                // Of what is not finite the same.
                assertThat(Double.compare(found[at], expected.get(i)[at]) == 0
                                || difference <= tolerance * Math.max(largest, 1e-3))
                        .as("number %s of result %s: expected %s, was %s", at, i, expected.get(i)[at], found[at])
                        .isTrue();
            }
            for (List<float[]> run : runs) {
                assertThat(run.get(i)).as("result %s", i).isEqualTo(found);
            }
        }
    }

    private record Outside(List<CudaStorage> places) implements PlanBindings {
        @Override
        public Slice vector(String name) {
            throw new IllegalArgumentException(name);
        }

        @Override
        public double[] literal(String name) {
            throw new IllegalArgumentException(name);
        }

        @Override
        public Slice destination(int output) {
            return new Slice(places.get(output), 0);
        }

        @Override
        public Operation operation(String name) {
            return new Operation() {
                private INDArray in;
                private INDArray out;

                @Override
                public long[] shape(int index, boolean input) {
                    return LIBRARY_SHAPE;
                }

                @Override
                public void bind(int index, boolean input, INDArray array) {
                    in = input ? array : in;
                    out = input ? out : array;
                }

                @Override
                public void run() {
                    out.assign(in.mul(2));
                }
            };
        }
    }
}
