package org.likelihood4j.engine.cuda;

import com.sun.jna.Pointer;
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
public final class MirroredDevice implements Device {
    /** As the card's loads want them: 256 bytes. */
    public static final Layout LAYOUT = new Layout(64, 0, true);

    private final Card card;
    private final Tiles tiles;

    public MirroredDevice(Card card, Tiles tiles) {
        this.card = card;
        this.tiles = tiles;
    }

    @Override
    public String name() {
        return "mirrored cuda";
    }

    @Override
    public boolean isAvailable() {
        return true;
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
    public INDArray zeros(DataType type, long length) {
        return Nd4j.zeros(type, length);
    }

    @Override
    public PlanProgram bind(Plan plan, PlanBindings bindings) {
        return new Mirrored(plan, bindings);
    }

    @Override
    public Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
        return new MirroredUpdater(rule, parameters, gradient);
    }

    /** Vectors go to the card before each update, and come back. */
    private final class MirroredUpdater implements Updater {
        private final OptimizerState state;
        private final INDArray gradient;
        private final long gradientCopy;
        private final IdentityHashMap<INDArray, Long> copies = new IdentityHashMap<>();
        private final Pointer stream;
        private final CudaUpdate update;

        MirroredUpdater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
            card.enter();
            this.state = new OptimizerState(rule, parameters);
            this.gradient = gradient.flat();
            this.gradientCopy = card.allocate(this.gradient.length() * Float.BYTES);
            this.stream = card.stream();
            long loss = card.allocate(Float.BYTES);
            card.check(card.driver().cuMemsetD32Async(loss, 0, 1, stream), "cuMemsetD32");
            card.await(stream);
            List<Long> moments = state.moments().values().stream()
                    .map(moment -> copy(moment.flat()))
                    .toList();
            long average = state.ema().map(ema -> copy(ema.flat())).orElse(0L);
            this.update = new CudaUpdate(
                    card,
                    rule,
                    parameters.slots(),
                    new CudaUpdate.Vectors(copy(parameters.flat()), gradientCopy, moments, average, loss),
                    tiles);
        }

        private long copy(INDArray flat) {
            return copies.computeIfAbsent(flat, absent -> card.allocate(flat.length() * Float.BYTES));
        }

        @Override
        public double norm() {
            card.enter();
            card.upload(gradientCopy, BoundPlan.memory(gradient), gradient.length() * Float.BYTES, stream);
            card.await(stream);
            return update.norm();
        }

        @Override
        public void apply(double norm, double learningRate) {
            card.enter();
            copies.forEach(
                    (flat, copy) -> card.upload(copy, BoundPlan.memory(flat), flat.length() * Float.BYTES, stream));
            card.await(stream);
            update.restoreSteps(state.steps());
            update.apply(learningRate);
            copies.forEach(
                    (flat, copy) -> card.download(BoundPlan.memory(flat), copy, flat.length() * Float.BYTES, stream));
            card.await(stream);
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
        private final Pointer stream;
        private final CudaProgram program;

        Mirrored(Plan plan, PlanBindings bindings) {
            this.bindings = bindings;
            card.enter();
            this.stream = card.stream();
            this.program = new CudaProgram(card, plan, this, tiles);
        }

        private long address(PlanBindings.Slice slice) {
            return copies.computeIfAbsent(slice.flat(), flat -> card.allocate(flat.length() * Float.BYTES))
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
            written.add(slice.flat());
            return address(slice);
        }

        @Override
        public PlanBindings.Operation operation(String name) {
            return bindings.operation(name);
        }

        private void upload() {
            card.enter();
            copies.forEach((flat, address) ->
                    card.upload(address, BoundPlan.memory(flat), flat.length() * Float.BYTES, stream));
            card.await(stream);
        }

        private void download() {
            program.await();
            written.forEach(flat ->
                    card.download(BoundPlan.memory(flat), copies.get(flat), flat.length() * Float.BYTES, stream));
            card.await(stream);
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
            copies.values().forEach(card::free);
            card.check(card.driver().cuStreamDestroy_v2(stream), "cuStreamDestroy");
        }
    }
}
