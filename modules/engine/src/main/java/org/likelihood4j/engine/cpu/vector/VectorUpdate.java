package org.likelihood4j.engine.cpu.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.arithmetic.PlainUpdate;
import org.likelihood4j.engine.cpu.arithmetic.UpdateMath;

/**
 * An update's arithmetic with vector instructions, straight on memory off the heap: an update is as fast as memory is, and copying
 * tiles to the heap and back first would take as long again.
 *
 * <p>Vectors of byte buffers are in Java 17 and 18 only; later ones have them for segments of memory, which Java 17 has not.
 */
public final class VectorUpdate implements UpdateMath {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int BYTES = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** For what is left over when all whole vectors are done. */
    private final PlainUpdate plain = new PlainUpdate();

    /** Whether the machine's vectors are wide enough to be sure of fused multiplications, and this JVM has them for buffers. */
    public static boolean isSupported() {
        return VectorMath.isSupported()
                && Arrays.stream(FloatVector.class.getMethods())
                        .anyMatch(method -> method.getName().equals("fromByteBuffer"));
    }

    @Override
    public double squares(Memory g, int from, int n) {
        int whole = n / (4 * LANES) * (4 * LANES);
        return squares(g.bytes(), g.byteAt(from), g.byteAt(from + whole)) + plain.squares(g, from + whole, n - whole);
    }

    /** Four sums, because one would wait for itself. */
    private static double squares(ByteBuffer g, int first, int end) {
        FloatVector a = FloatVector.broadcast(SPECIES, 0);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = first; i < end; i += 4 * BYTES) {
            FloatVector x = FloatVector.fromByteBuffer(SPECIES, g, i, ORDER);
            FloatVector y = FloatVector.fromByteBuffer(SPECIES, g, i + BYTES, ORDER);
            FloatVector z = FloatVector.fromByteBuffer(SPECIES, g, i + 2 * BYTES, ORDER);
            FloatVector w = FloatVector.fromByteBuffer(SPECIES, g, i + 3 * BYTES, ORDER);
            a = a.add(x.mul(x));
            b = b.add(y.mul(y));
            c = c.add(z.mul(z));
            d = d.add(w.mul(w));
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }

    @Override
    public void adam(
            Memory p, Memory m, Memory v, Memory g, Memory average, int from, int n, Adam step, float keep, double d) {
        ByteBuffer pBytes = p.bytes();
        ByteBuffer mBytes = m.bytes();
        ByteBuffer vBytes = v.bytes();
        ByteBuffer gBytes = g.bytes();
        ByteBuffer averageBytes = average == null ? null : average.bytes();
        int pFirst = p.byteAt(from);
        int mFirst = m.byteAt(from);
        int vFirst = v.byteAt(from);
        int gFirst = g.byteAt(from);
        int averageFirst = average == null ? 0 : average.byteAt(from);
        float scale = step.scale();
        float b1 = (float) step.beta1();
        float b2 = (float) step.beta2();
        float c1 = (float) (1 - step.beta1());
        float c2 = (float) (1 - step.beta2());
        float rate = step.rate();
        float epsilon = step.epsilon();
        float old = (float) d;
        float fresh = (float) (1 - d);
        int whole = n / LANES * LANES;
        int bytes = whole * Float.BYTES;
        for (int i = 0; i < bytes; i += BYTES) {
            FloatVector gradient = FloatVector.fromByteBuffer(SPECIES, gBytes, gFirst + i, ORDER)
                    .mul(scale);
            FloatVector mean = FloatVector.fromByteBuffer(SPECIES, mBytes, mFirst + i, ORDER)
                    .fma(FloatVector.broadcast(SPECIES, b1), gradient.mul(c1));
            FloatVector square = FloatVector.fromByteBuffer(SPECIES, vBytes, vFirst + i, ORDER)
                    .fma(
                            FloatVector.broadcast(SPECIES, b2),
                            gradient.mul(gradient).mul(c2));
            mean.intoByteBuffer(mBytes, mFirst + i, ORDER);
            square.intoByteBuffer(vBytes, vFirst + i, ORDER);
            FloatVector update =
                    mean.mul(rate).div(square.lanewise(VectorOperators.SQRT).add(epsilon));
            FloatVector fresher = FloatVector.fromByteBuffer(SPECIES, pBytes, pFirst + i, ORDER)
                    .mul(keep)
                    .sub(update);
            fresher.intoByteBuffer(pBytes, pFirst + i, ORDER);
            if (averageBytes != null) {
                FloatVector.fromByteBuffer(SPECIES, averageBytes, averageFirst + i, ORDER)
                        .mul(old)
                        .add(fresher.mul(fresh))
                        .intoByteBuffer(averageBytes, averageFirst + i, ORDER);
            }
        }
        plain.adam(p, m, v, g, average, from + whole, n - whole, step, keep, d);
    }

    @Override
    public void momentum(
            Memory p, Memory v, Memory g, Memory average, int from, int n, Momentum step, float keep, double d) {
        ByteBuffer pBytes = p.bytes();
        ByteBuffer vBytes = v.bytes();
        ByteBuffer gBytes = g.bytes();
        ByteBuffer averageBytes = average == null ? null : average.bytes();
        int pFirst = p.byteAt(from);
        int vFirst = v.byteAt(from);
        int gFirst = g.byteAt(from);
        int averageFirst = average == null ? 0 : average.byteAt(from);
        float scale = step.scale();
        float momentum = step.momentum();
        float rate = step.rate();
        float old = (float) d;
        float fresh = (float) (1 - d);
        int whole = n / LANES * LANES;
        int bytes = whole * Float.BYTES;
        for (int i = 0; i < bytes; i += BYTES) {
            FloatVector velocity = FloatVector.fromByteBuffer(SPECIES, vBytes, vFirst + i, ORDER)
                    .mul(momentum)
                    .add(FloatVector.fromByteBuffer(SPECIES, gBytes, gFirst + i, ORDER)
                            .mul(scale));
            velocity.intoByteBuffer(vBytes, vFirst + i, ORDER);
            FloatVector fresher = FloatVector.fromByteBuffer(SPECIES, pBytes, pFirst + i, ORDER)
                    .mul(keep)
                    .sub(velocity.mul(rate));
            fresher.intoByteBuffer(pBytes, pFirst + i, ORDER);
            if (averageBytes != null) {
                FloatVector.fromByteBuffer(SPECIES, averageBytes, averageFirst + i, ORDER)
                        .mul(old)
                        .add(fresher.mul(fresh))
                        .intoByteBuffer(averageBytes, averageFirst + i, ORDER);
            }
        }
        plain.momentum(p, v, g, average, from + whole, n - whole, step, keep, d);
    }
}
