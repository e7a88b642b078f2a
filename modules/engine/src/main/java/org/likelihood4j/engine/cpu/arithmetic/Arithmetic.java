package org.likelihood4j.engine.cpu.arithmetic;

import java.lang.reflect.InvocationTargetException;
import java.util.function.Supplier;

/**
 * This machine's arithmetic, made anew for each thread.
 *
 * @param tiles for kernels
 * @param updates for optimisers
 */
public record Arithmetic(Supplier<TileMath> tiles, Supplier<UpdateMath> updates) {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Plain loops, that run everywhere. */
    public static Arithmetic plain() {
        return new Arithmetic(PlainMath::new, PlainUpdate::new);
    }

    /** With the Vector API where the JVM was started with its module, else plain loops. */
    public static Arithmetic best() {
        return new Arithmetic(
                () -> vectors("VectorMath", TileMath.class, PlainMath::new),
                () -> vectors("VectorUpdate", UpdateMath.class, PlainUpdate::new));
    }

    private static <T> T vectors(String name, Class<T> type, Supplier<T> plain) {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return plain.get();
        }
        try {
            // By name, so that nothing needs the module to be there.
            Class<?> vectors = Class.forName("org.likelihood4j.engine.cpu.vector." + name);
            boolean supported = (boolean) vectors.getMethod("isSupported").invoke(null);
            return supported ? type.cast(vectors.getDeclaredConstructor().newInstance()) : plain.get();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("cannot use " + VECTOR_MODULE, e);
        }
    }
}
