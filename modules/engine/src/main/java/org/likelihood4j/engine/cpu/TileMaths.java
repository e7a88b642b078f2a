package org.likelihood4j.engine.cpu;

import java.lang.reflect.InvocationTargetException;

/** Finds this machine's tile arithmetic. */
public final class TileMaths {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final TileMath BEST = find();

    private TileMaths() {}

    /** With the Vector API where the JVM was started with its module, else plain loops. */
    public static TileMath best() {
        return BEST;
    }

    private static TileMath find() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return new PlainMath();
        }
        try {
            // By name, so that nothing needs the module to be there.
            return (TileMath) Class.forName("org.likelihood4j.engine.vector.VectorMath")
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("cannot use " + VECTOR_MODULE, e);
        }
    }
}
