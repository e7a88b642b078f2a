package org.likelihood4j.config.rules;

import java.lang.StackWalker.StackFrame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the constructors of the records ask of each key, in their own words: while somebody listens, {@link Check} tells every rule
 * that it goes through. So the JSON Schema has the very rules that refuse a configuration, and nobody writes them twice.
 */
public final class RuleRecorder {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final ThreadLocal<RuleRecorder> LISTENER = new ThreadLocal<>();

    private final Class<?> record;
    private final Map<String, Object> told = new LinkedHashMap<>();

    private RuleRecorder(Class<?> record) {
        this.record = record;
    }

    /**
     * Makes a value, and notes the rules that the constructor of one record goes through.
     *
     * @param into gets each key, or {@code key[]} of a list's elements, with a {@link Range}, a regular expression, or for a list
     *     the most elements that it may have
     */
    public static <T> T listen(Class<?> record, Map<String, Object> into, Supplier<T> constructor) {
        RuleRecorder rules = new RuleRecorder(record);
        RuleRecorder before = LISTENER.get();
        LISTENER.set(rules);
        try {
            return constructor.get();
        } finally {
            LISTENER.set(before);
            into.putAll(rules.told);
        }
    }

    /** Tells a rule to whoever listens. */
    public static void tell(String key, Object rule) {
        RuleRecorder rules = LISTENER.get();
        if (rules != null && constructed() == rules.record) {
            rules.told.put(key, rule);
        }
    }

    /** A record's constructor may make other records, whose keys are not its own. */
    private static Class<?> constructed() {
        return STACK.walk(frames -> frames.filter(frame -> frame.getMethodName().equals("<init>"))
                .<Class<?>>map(StackFrame::getDeclaringClass)
                .filter(Class::isRecord)
                .filter(type -> type != Range.class)
                .findFirst()
                .orElse(null));
    }
}
