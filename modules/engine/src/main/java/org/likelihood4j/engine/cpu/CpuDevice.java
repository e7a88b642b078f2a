package org.likelihood4j.engine.cpu;

import java.util.Optional;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.Storage;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.cpu.arithmetic.Arithmetic;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.nd4j.linalg.api.buffer.DataType;

/** The processor: oneDNN's products, tiles for all else, and threads that share a kernel. */
public final class CpuDevice implements Device {
    /** Lines of the caches, and rows that are a multiple of 1 KiB long. */
    private static final Layout LAYOUT = new Layout(16, 256, false);

    private final Arithmetic arithmetic;

    /** With the best arithmetic of this machine. */
    public CpuDevice() {
        this(Arithmetic.best());
    }

    /** With another arithmetic, for tests that compare them. */
    public CpuDevice(Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Layout layout() {
        return LAYOUT;
    }

    @Override
    public Optional<Narrowing> narrowing() {
        return Isa.hasBfloat16() ? Optional.of(new Bfloat16Products()) : Optional.empty();
    }

    @Override
    public Storage allocate(DataType type, long length) {
        return Storage.of(Alignment.zeros(type, length));
    }

    @Override
    public PlanProgram bind(Plan plan, PlanBindings bindings) {
        return new CpuProgram(plan, bindings, Team.shared(), arithmetic.tiles());
    }

    @Override
    public Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
        return new FusedUpdater(rule, parameters, gradient, Team.shared(), arithmetic.updates());
    }
}
