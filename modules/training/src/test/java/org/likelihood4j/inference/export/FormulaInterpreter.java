package org.likelihood4j.inference.export;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Runs the lines of a {@code model.json} by what its {@code notation} says of them, in float64 and plain Java: it knows no model. What
 * a line leaves open, this cannot run.
 */
final class FormulaInterpreter {
    /** Gives new noise. */
    @FunctionalInterface
    interface NewNoise {
        /** Noise {@code [N, size]}, {@code uniform} or {@code normal}. */
        double[][] of(String distribution, int size);
    }

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*([0-9]+(?:\\.[0-9]+)?(?:[eE]-?[0-9]+)?|[A-Za-z][A-Za-z0-9]*(?:/[A-Za-z0-9]+)*|[-+*/@<()\\[\\],:=])");

    private static final Map<String, DoubleUnaryOperator> BY_ELEMENT = Map.ofEntries(
            Map.entry("exp", Math::exp),
            Map.entry("log", Math::log),
            Map.entry("floor", Math::floor),
            Map.entry("tanh", Math::tanh),
            Map.entry("relu", x -> Math.max(x, 0)),
            Map.entry("elu", x -> x > 0 ? x : Math.exp(x) - 1),
            Map.entry("softplus", x -> x > 40 ? x : Math.log(1 + Math.exp(x))),
            Map.entry("sigmoid", x -> 1 / (1 + Math.exp(-x))),
            Map.entry("swish", x -> x / (1 + Math.exp(-x))),
            Map.entry("identity", x -> x));

    private final Map<String, double[][]> values = new HashMap<>();
    private final NewNoise noise;
    private List<String> tokens = List.of();
    private int at;

    /** @param known tensors and constants, and what the lines start from */
    FormulaInterpreter(Map<String, double[][]> known, NewNoise noise) {
        values.putAll(known);
        this.noise = noise;
    }

    /** Runs all lines, and gives a value by its name. */
    double[][] run(List<String> lines, String result) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("repeat ")) {
                List<String> inside =
                        lines.subList(i + 1, i + lines.subList(i, lines.size()).indexOf("end"));
                for (int n = Integer.parseInt(line.substring("repeat ".length())); n > 0; n--) {
                    run(inside, result);
                }
                i += inside.size() + 1;
                continue;
            }
            tokens = tokens(line.replaceFirst("#.*", "").strip());
            at = 0;
            String name = next();
            expect("=");
            double[][] value = comparison();
            if (at != tokens.size()) {
                throw new IllegalArgumentException(line + ": goes on after " + tokens.subList(0, at));
            }
            values.put(name, value);
        }
        return values.get(result);
    }

    private static List<String> tokens(String line) {
        Matcher matcher = TOKEN.matcher(line);
        List<String> found = matcher.results().map(one -> one.group(1)).toList();
        if (!String.join("", found).equals(line.replace(" ", ""))) {
            throw new IllegalArgumentException("cannot be read: " + line);
        }
        return found;
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String next() {
        return tokens.get(at++);
    }

    private boolean skip(String token) {
        boolean there = peek().equals(token);
        at += there ? 1 : 0;
        return there;
    }

    private void expect(String token) {
        if (!skip(token)) {
            throw new IllegalArgumentException("expected " + token + " at " + at + " of " + tokens);
        }
    }

    private double[][] comparison() {
        double[][] left = sum();
        return skip("<") ? each(left, sum(), (a, b) -> a < b ? 1 : 0) : left;
    }

    private double[][] sum() {
        double[][] left = product();
        while (peek().equals("+") || peek().equals("-")) {
            left = next().equals("+") ? each(left, product(), Double::sum) : each(left, product(), (a, b) -> a - b);
        }
        return left;
    }

    private double[][] product() {
        double[][] left = signed();
        while (List.of("*", "/", "@").contains(peek())) {
            left = switch (next()) {
                case "*" -> each(left, signed(), (a, b) -> a * b);
                case "/" -> each(left, signed(), (a, b) -> a / b);
                default -> matrixProduct(left, signed());
            };
        }
        return left;
    }

    private double[][] signed() {
        return skip("-") ? each(signed(), number(-1), (a, b) -> a * b) : indexed();
    }

    private double[][] indexed() {
        double[][] value = primary();
        while (skip("[")) {
            if (skip(":")) {
                expect(",");
                value = columns(value);
            } else {
                value = rows(value, comparison());
                expect(",");
                expect(":");
            }
            expect("]");
        }
        return value;
    }

    private double[][] columns(double[][] value) {
        int from = 0;
        if (!peek().equals(":")) {
            double[][] place = sum();
            if (!peek().equals(":")) {
                int[] places = Arrays.stream(place[0]).mapToInt(i -> (int) i).toArray();
                return byRow(
                        value,
                        row -> Arrays.stream(places).mapToDouble(i -> row[i]).toArray());
            }
            from = (int) place[0][0];
        }
        expect(":");
        int start = from;
        int end = peek().equals("]") ? value[0].length : (int) sum()[0][0];
        return byRow(value, row -> Arrays.copyOfRange(row, start, end));
    }

    private static double[][] rows(double[][] value, double[][] places) {
        return byRow(places, row -> value[(int) row[0]]);
    }

    private double[][] primary() {
        String token = next();
        if (token.equals("(")) {
            double[][] inside = comparison();
            expect(")");
            return inside;
        } else if (Character.isDigit(token.charAt(0))) {
            return number(Double.parseDouble(token));
        } else if (skip("(")) {
            double[][] result = call(token);
            expect(")");
            return result;
        }
        double[][] value = values.get(token);
        if (value == null) {
            throw new IllegalArgumentException("nothing defines " + token);
        }
        return value;
    }

    private double[][] call(String function) {
        if (function.equals("logSumExp") && tokens.get(at + 1).equals(",")) {
            return over();
        }
        double[][] x = comparison();
        if (BY_ELEMENT.containsKey(function)) {
            return byRow(
                    x, row -> Arrays.stream(row).map(BY_ELEMENT.get(function)).toArray());
        }
        return switch (function) {
            case "uniform", "normal" -> noise.of(function, (int) x[0][0]);
            case "sum" -> byRow(x, row -> new double[] {Arrays.stream(row).sum()});
            case "logSumExp" -> byRow(x, row -> new double[] {logSumExp(row)});
            case "cumsum" ->
                byRow(x, row -> {
                    double[] sums = row.clone();
                    Arrays.parallelPrefix(sums, Double::sum);
                    return sums;
                });
            case "transpose" ->
                IntStream.range(0, x[0].length)
                        .mapToObj(
                                j -> Arrays.stream(x).mapToDouble(row -> row[j]).toArray())
                        .toArray(double[][]::new);
            case "argsort" ->
                new double[][] {
                    IntStream.range(0, x[0].length)
                            .boxed()
                            .sorted((a, b) -> Double.compare(x[0][a], x[0][b]))
                            .mapToDouble(i -> i)
                            .toArray()
                };
            case "concat" -> concat(x, argument());
            case "clip" -> each(each(x, argument(), Math::max), argument(), Math::min);
            case "logNormal" -> logNormal(x, argument(), argument());
            default -> throw new IllegalArgumentException("no function " + function);
        };
    }

    private double[][] argument() {
        expect(",");
        return comparison();
    }

    /** The inside of {@code logSumExp(k, K, f)}. */
    private double[][] over() {
        String index = next();
        int count = (int) argument()[0][0];
        expect(",");
        int body = at;
        double[][] terms = null;
        for (int k = 0; k < count; k++) {
            at = body;
            values.put(index, number(k));
            double[][] term = comparison();
            terms = terms == null ? term : concat(terms, term);
        }
        values.remove(index);
        return byRow(terms, row -> new double[] {logSumExp(row)});
    }

    private static double logSumExp(double[] row) {
        double most = Arrays.stream(row).max().orElseThrow();
        return most + Math.log(Arrays.stream(row).map(x -> Math.exp(x - most)).sum());
    }

    private static double[][] logNormal(double[][] x, double[][] mean, double[][] logVariance) {
        double[][] distance = each(x, mean, (a, b) -> (a - b) * (a - b));
        return each(distance, logVariance, (d, v) -> -(d / Math.exp(v) + v + Math.log(2 * Math.PI)) / 2);
    }

    static double[][] number(double value) {
        return new double[][] {{value}};
    }

    private interface Row {
        double[] of(double[] row);
    }

    private static double[][] byRow(double[][] x, Row function) {
        return Arrays.stream(x).map(function::of).toArray(double[][]::new);
    }

    private static double[][] each(double[][] a, double[][] b, DoubleBinaryOperator operator) {
        int rows = Math.max(a.length, b.length);
        int columns = Math.max(a[0].length, b[0].length);
        double[][] result = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[i][j] = operator.applyAsDouble(element(a, i, j), element(b, i, j));
            }
        }
        return result;
    }

    private static double element(double[][] x, int row, int column) {
        return x[x.length == 1 ? 0 : row][x[0].length == 1 ? 0 : column];
    }

    private static double[][] concat(double[][] a, double[][] b) {
        int rows = Math.max(a.length, b.length);
        double[][] result = new double[rows][a[0].length + b[0].length];
        for (int i = 0; i < rows; i++) {
            double[] left = a[a.length == 1 ? 0 : i];
            double[] right = b[b.length == 1 ? 0 : i];
            System.arraycopy(left, 0, result[i], 0, left.length);
            System.arraycopy(right, 0, result[i], left.length, right.length);
        }
        return result;
    }

    private static double[][] matrixProduct(double[][] a, double[][] b) {
        double[][] result = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < b[0].length; j++) {
                    result[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return result;
    }
}
