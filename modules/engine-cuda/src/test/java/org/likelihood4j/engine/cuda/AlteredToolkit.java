package org.likelihood4j.engine.cuda;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.OptionalInt;
import org.likelihood4j.engine.cuda.toolkit.Cublas;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/** Libraries of which some calls are not made, or with other arguments. */
public final class AlteredToolkit {
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

    /** A driver of which some calls are made otherwise, or not at all. */
    public static Toolkit withDriver(Toolkit toolkit, Filter filter) {
        return new Toolkit(around(Driver.class, toolkit.driver(), filter), toolkit.nvrtc(), toolkit.cublas());
    }

    /** A driver that leaves out some calls of a function, of those that it is asked for. */
    static Toolkit without(Toolkit toolkit, String name, int from, int to) {
        int[] calls = new int[1];
        return withDriver(toolkit, (function, arguments) -> {
            if (!function.getName().equals(name)) {
                return true;
            }
            int call = calls[0]++;
            return call < from || call >= to;
        });
    }

    /** A driver whose calls are counted. */
    static Toolkit counting(Toolkit toolkit, Map<String, Integer> calls) {
        return withDriver(toolkit, (function, arguments) -> {
            calls.merge(function.getName(), 1, Integer::sum);
            return true;
        });
    }

    /** Libraries of which some calls of a function, from one on up to another, do nothing and fail. */
    static Toolkit failing(Toolkit toolkit, String name, int from, int to, int status) {
        int[] calls = new int[1];
        Answer answer = (function, arguments) -> {
            boolean fails = function.getName().equals(name) && calls[0] >= from && calls[0] < to;
            calls[0] += function.getName().equals(name) ? 1 : 0;
            return fails ? OptionalInt.of(status) : OptionalInt.empty();
        };
        return new Toolkit(
                answering(Driver.class, toolkit.driver(), answer),
                toolkit.nvrtc(),
                answering(Cublas.class, toolkit.cublas(), answer));
    }

    /** What is made of calls. */
    public interface Filter {
        /** Whether a call is to be made; what is not made succeeds. */
        boolean passes(Method function, Object[] arguments);
    }

    static <T> T around(Class<T> functions, T library, Filter filter) {
        return answering(
                functions,
                library,
                (function, arguments) -> filter.passes(function, arguments) ? OptionalInt.empty() : OptionalInt.of(0));
    }

    private interface Answer {
        /** The status that a call returns, which is made where there is none. */
        OptionalInt of(Method function, Object[] arguments);
    }

    private static <T> T answering(Class<T> functions, T library, Answer answer) {
        InvocationHandler handler = (proxy, function, arguments) -> {
            if (function.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, function, arguments);
            }
            OptionalInt status = answer.of(function, arguments);
            if (status.isPresent()) {
                return status.getAsInt();
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
