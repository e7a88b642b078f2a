package org.likelihood4j.engine.cpu;

import java.lang.reflect.InvocationTargetException;

/** Finds this machine's tile arithmetic. */
public final class TileMaths {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private TileMaths() {}

    /** With the Vector API where the JVM was started with its module, else plain loops; for one thread at a time. */
    public static TileMath best() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return new PlainMath();
        }
        try {
            // By name, so that nothing needs the module to be there.
            Class<?> vectors = Class.forName("org.likelihood4j.engine.vector.VectorMath");
            boolean wide = (boolean) vectors.getMethod("isSupported").invoke(null);
            return wide ? (TileMath) vectors.getDeclaredConstructor().newInstance() : new PlainMath();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("cannot use " + VECTOR_MODULE, e);
        }
    }
}
