package org.likelihood4j.training.rounds;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.VectorMemory;
import org.likelihood4j.io.RunException;

/** The numbers that steps depend on or change, to and from plain bytes: little-endian float32 or float64, one vector after the other. */
final class StateBytes {
    /** What Java's arrays have at most. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private final OptimizerState optimizer;
    private final List<FlatVector> changed;

    private final List<FlatVector> before;
    private final List<FlatVector> after;

    StateBytes(ModelValues values, TrainingProgram program) {
        optimizer = program.state();
        changed = changed(program);
        before = new ArrayList<>(changed);
        before.addAll(List.of(values.constants()));
        after = new ArrayList<>(changed);
        after.add(program.gradient());
    }

    /** What a program's updates change, live: parameters, moments, average. */
    static List<FlatVector> changed(TrainingProgram program) {
        List<FlatVector> changed = new ArrayList<>();
        changed.add(program.parameters());
        changed.addAll(program.state().moments().values());
        program.state().ema().ifPresent(changed::add);
        return changed;
    }

    /** What a round begins with, behind a head. */
    byte[] before(byte[] head) {
        return write(head, before);
    }

    void readBefore(ByteBuffer bytes) {
        read(bytes, before);
    }

    /** What a round ends with, its last gradient too, behind a head. */
    byte[] after(byte[] head) {
        return write(head, after);
    }

    void readAfter(ByteBuffer bytes) {
        read(bytes, after);
    }

    /** Of all that updates change. */
    long checksum() {
        CRC32C checksum = new CRC32C();
        changed.forEach(vector -> checksum.update(VectorMemory.of(vector)));
        return checksum.getValue();
    }

    private byte[] write(byte[] head, List<FlatVector> vectors) {
        long size = head.length
                + Long.BYTES
                + vectors.stream().mapToLong(VectorMemory::bytes).sum();
        if (size > MOST) {
            throw new RunException("parameters, moments and average are " + size + " bytes, more than the " + MOST
                    + " that go to another machine at once; use a smaller model");
        }
        ByteBuffer all = ByteBuffer.allocate((int) size);
        all.put(head).putLong(optimizer.steps());
        vectors.forEach(vector -> all.put(VectorMemory.of(vector)));
        return all.array();
    }

    private void read(ByteBuffer bytes, List<FlatVector> vectors) {
        optimizer.restoreSteps(bytes.getLong());
        for (FlatVector vector : vectors) {
            int size = VectorMemory.bytes(vector);
            VectorMemory.of(vector).put(bytes.slice(bytes.position(), size));
            bytes.position(bytes.position() + size);
        }
    }
}
