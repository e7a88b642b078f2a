package org.likelihood4j.engine.cuda;

import java.util.OptionalLong;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.Storage;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Plan;
import org.nd4j.linalg.api.buffer.DataType;

/** The same card, whose products round their factors to TF32. Convolutions are our own kernels, and do not. */
record CudaTf32(CudaDevice device) implements Device {
    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public Layout layout() {
        return device.layout();
    }

    @Override
    public OptionalLong memory() {
        return device.memory();
    }

    @Override
    public Storage allocate(DataType type, long length) {
        return device.allocate(type, length);
    }

    @Override
    public PlanProgram bind(Plan plan, PlanBindings bindings) {
        return device.bindTf32(plan, bindings);
    }

    @Override
    public Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
        return device.updater(rule, parameters, gradient);
    }
}
