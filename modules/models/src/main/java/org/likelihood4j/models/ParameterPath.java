package org.likelihood4j.models;

/**
 * The one place where parameter names are formed: {@code encoder/layer0/weight}.
 *
 * @param prefix empty for the root, else the path so far
 */
public record ParameterPath(String prefix) {
    public static ParameterPath root() {
        return new ParameterPath("");
    }

    public ParameterPath child(String name) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("a path element must be letters, digits and '_', was '" + name + "'");
        }
        return new ParameterPath(prefix.isEmpty() ? name : prefix + "/" + name);
    }

    public ParameterPath child(String name, int index) {
        return child(name + index);
    }

    @Override
    public String toString() {
        return prefix;
    }
}
