package org.likelihood4j.engine.cuda;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.likelihood4j.engine.cuda.toolkit.Cublas;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/** Libraries of which some calls are not made, or with other arguments. */
final class AlteredToolkit {
    private AlteredToolkit() {}

    interface Change {
        void of(String function, Object[] arguments);
    }

    static Toolkit withProducts(Toolkit toolkit, Change change) {
        Cublas cublas = around(Cublas.class, toolkit.cublas(), (function, arguments) -> {
            change.of(function.getName(), arguments);
            return true;
        });
        return new Toolkit(toolkit.driver(), toolkit.nvrtc(), cublas);
    }

    /** A driver that leaves out some calls of a function, of those that it is asked for. */
    static Toolkit without(Toolkit toolkit, String name, int from, int to) {
        int[] calls = new int[1];
        Driver driver = around(Driver.class, toolkit.driver(), (function, arguments) -> {
            if (!function.getName().equals(name)) {
                return true;
            }
            int call = calls[0]++;
            return call < from || call >= to;
        });
        return new Toolkit(driver, toolkit.nvrtc(), toolkit.cublas());
    }

    interface Filter {
        /** Whether a call is to be made. */
        boolean passes(Method function, Object[] arguments);
    }

    static <T> T around(Class<T> functions, T library, Filter filter) {
        InvocationHandler handler = (proxy, function, arguments) -> {
            if (function.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, function, arguments);
            }
            if (!filter.passes(function, arguments)) {
                return 0;
            }
            try {
                return function.invoke(library, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return functions.cast(Proxy.newProxyInstance(functions.getClassLoader(), new Class<?>[] {functions}, handler));
    }
}
