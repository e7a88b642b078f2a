package org.likelihood4j.engine.cuda;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.Storage;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Plan;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A card for tests of plans: vectors are the host's, and are copied to the card before each run, what the run writes of them comes back
 * after it.
 */
public final class MirroredDevice implements Device, AutoCloseable {
    /** As the card's loads want them: 256 bytes. */
    public static final Layout LAYOUT = new Layout(64, 0, true);

    private final Card card;
    private final Tiles tiles;
    /** Of updaters, which nobody closes. */
    private final CardResources resources;

    public MirroredDevice(Card card, Tiles tiles) {
        this.card = card;
        this.tiles = tiles;
        this.resources = card.make(made -> made);
    }

    @Override
    public void close() {
        resources.close();
    }

    @Override
    public String name() {
        return "mirrored cuda";
    }

    @Override
    public Layout layout() {
        return LAYOUT;
    }

    @Override
    public Optional<Layout.Narrowing> narrowing() {
        return Optional.empty();
    }

    @Override
    public Storage allocate(DataType type, long length) {
        return Storage.of(Nd4j.zeros(type, length));
    }

    @Override
    public PlanProgram bind(Plan plan, PlanBindings bindings) {
        return new Mirrored(plan, bindings);
    }

    @Override
    public Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
        return new MirroredUpdater(rule, parameters, gradient);
    }

    private void upload(INDArray flat, long copy) {
        card.locked(() -> card.upload(copy, HostArrays.memory(flat), flat.length() * Float.BYTES));
    }

    private void download(INDArray flat, long copy) {
        card.locked(() -> card.download(HostArrays.memory(flat), copy, flat.length() * Float.BYTES));
    }

    /** Vectors go to the card before each update, and come back. */
    private final class MirroredUpdater implements Updater {
        private final OptimizerState state;
        private final INDArray gradient;
        private final long gradientCopy;
        private final IdentityHashMap<INDArray, Long> copies = new IdentityHashMap<>();
        private final CudaUpdate update;
        private double norm;

        MirroredUpdater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
            this.state = new OptimizerState(rule, parameters);
            this.gradient = gradient.flat();
            this.gradientCopy = copy(this.gradient);
            copies.clear();
            long loss = card.locked(() -> {
                long zero = resources.allocate(Float.BYTES);
                card.clear(zero, 1);
                return zero;
            });
            List<Long> moments = state.moments().values().stream()
                    .map(moment -> copy(moment.flat()))
                    .toList();
            long average = state.ema().map(ema -> copy(ema.flat())).orElse(0L);
            this.update = resources.own(
                    CudaUpdate.of(
                            card,
                            rule,
                            parameters.slots(),
                            new CudaUpdate.Vectors(copy(parameters.flat()), gradientCopy, moments, average, loss),
                            tiles),
                    CudaUpdate::close);
        }

        private long copy(INDArray flat) {
            return copies.computeIfAbsent(
                    flat, absent -> card.locked(() -> resources.allocate(flat.length() * Float.BYTES)));
        }

        @Override
        public void measure() {
            upload(gradient, gradientCopy);
            norm = update.norm();
        }

        @Override
        public double norm() {
            return norm;
        }

        @Override
        public void apply(double learningRate) {
            copies.forEach(MirroredDevice.this::upload);
            update.apply(norm, learningRate, state.steps());
            copies.forEach(MirroredDevice.this::download);
            card.await();
            state.advance();
        }

        @Override
        public OptimizerState state() {
            return state;
        }
    }

    private final class Mirrored implements PlanProgram, CudaProgram.Places {
        private final PlanBindings bindings;
        private final IdentityHashMap<INDArray, Long> copies = new IdentityHashMap<>();
        private final Set<INDArray> written = Collections.newSetFromMap(new IdentityHashMap<>());
        private final CardResources memory;
        private final CudaProgram program;

        Mirrored(Plan plan, PlanBindings bindings) {
            this.bindings = bindings;
            this.memory = card.make(made -> made);
            this.program = CudaProgram.bind(card, plan, this, tiles);
        }

        private long address(PlanBindings.Slice slice) {
            return copies.computeIfAbsent(slice.storage().host(), flat -> memory.allocate(flat.length() * Float.BYTES))
                    + slice.offset() * Float.BYTES;
        }

        @Override
        public long vector(String name) {
            return address(bindings.vector(name));
        }

        @Override
        public double[] literal(String name) {
            return bindings.literal(name);
        }

        @Override
        public long destination(int output) {
            PlanBindings.Slice slice = bindings.destination(output);
            written.add(slice.storage().host());
            return address(slice);
        }

        @Override
        public PlanBindings.Operation operation(String name) {
            return bindings.operation(name);
        }

        private void upload() {
            copies.forEach(MirroredDevice.this::upload);
        }

        private void download() {
            written.forEach(flat -> MirroredDevice.this.download(flat, copies.get(flat)));
            card.await();
        }

        @Override
        public void setInput(String name, INDArray array) {
            program.setInput(name, array);
        }

        @Override
        public void run() {
            upload();
            program.run();
            download();
        }

        @Override
        public void run(long[] times) {
            upload();
            program.run(times);
            download();
        }

        @Override
        public void read(int output, float[] values) {
            program.read(output, values);
        }

        @Override
        public void read(int output, INDArray array) {
            program.read(output, array);
        }

        @Override
        public void close() {
            program.close();
            memory.close();
        }
    }
}
