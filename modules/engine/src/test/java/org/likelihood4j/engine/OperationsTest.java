package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.GraphCase.Sketch;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each operation that the compiled engine knows, in each form, and some that it leaves to ND4J. */
class OperationsTest {
    private static final Map<String, Consumer<Sketch>> CASES = new LinkedHashMap<>();

    private static void add(String name, Consumer<Sketch> graph) {
        if (CASES.put(name, graph) != null) {
            throw new IllegalArgumentException(name);
        }
    }

    private static void unary(String name, BiFunction<SameDiff, SDVariable, SDVariable> operation) {
        add(name, b -> {
            SDVariable x = b.input("x", 3, 37).mul(b.parameter("p", 3, 37));
            b.inner(x);
            b.output(operation.apply(b.sd, x));
        });
        add(name + " of a vector, a column and a number", b -> {
            b.input("x", 2, 2);
            b.output(operation.apply(b.sd, b.parameter("vector", 5)));
            b.output(operation.apply(b.sd, b.parameter("column", 4, 1)));
            b.output(operation.apply(b.sd, b.parameter("number", 1, 1)));
        });
    }

    private static SDVariable positive(SameDiff sd, SDVariable x) {
        return sd.math().abs(x).add(0.3);
    }

    static {
        unary("neg", (sd, x) -> x.neg());
        unary("neg neg", (sd, x) -> x.neg().neg());
        unary("abs", (sd, x) -> sd.math().abs(x));
        unary("sign", (sd, x) -> sd.math().sign(x).mul(x));
        unary("exp", (sd, x) -> sd.math().exp(x));
        unary("log", (sd, x) -> sd.math().log(positive(sd, x)));
        unary("log1p", (sd, x) -> sd.math().log1p(positive(sd, x)));
        unary("sqrt", (sd, x) -> sd.math().sqrt(positive(sd, x)));
        unary("round", (sd, x) -> sd.math().round(x.mul(3)).mul(x));
        unary("tanh", (sd, x) -> sd.math().tanh(x));
        unary("sigmoid", (sd, x) -> sd.nn().sigmoid(x));
        unary("relu", (sd, x) -> sd.nn().relu(x, 0));
        unary("relu above 0.2", (sd, x) -> sd.nn().relu(x, 0.2));
        unary("elu", (sd, x) -> sd.nn().elu(x));
        unary("leaky relu", (sd, x) -> sd.nn().leakyRelu(x, 0.1));
        unary("softplus", (sd, x) -> sd.nn().softplus(x));
        unary("swish", (sd, x) -> x.mul(sd.nn().sigmoid(x)));
        unary("square", (sd, x) -> sd.math().square(x));
        unary("identity", (sd, x) -> sd.identity(sd.identity(x)).mul(2));
        unary(
                "stop_gradient",
                (sd, x) -> GraphCase.stopGradient(sd, sd.math().tanh(x)).mul(x));
        unary("times 0", (sd, x) -> x.mul(0).add(x));
        unary(
                "scalars",
                (sd, x) -> x.add(1.5)
                        .sub(0.25)
                        .mul(3)
                        .div(4)
                        .rsub(2)
                        .mul(-1)
                        .add(0)
                        .mul(1));
        unary("rdiv", (sd, x) -> positive(sd, x).rdiv(2));
        unary("constants multiply", (sd, x) -> x.mul(0.5).mul(4).mul(0.25).neg());
        unary("clip", (sd, x) -> sd.math().clipByValue(x, -0.5, 0.5));
        unary("less", (sd, x) -> x.lt(0.25).castTo(x.dataType()).mul(x));
        unary("greater", (sd, x) -> x.gt(0.25).castTo(x.dataType()).mul(x));
        unary("less both ways", (sd, x) -> {
            SDVariable y = sd.math().tanh(x).mul(2);
            return x.lt(y)
                    .castTo(x.dataType())
                    .mul(x)
                    .add(y.lt(x).castTo(x.dataType()).mul(y));
        });
        unary(
                "a mask under another name",
                (sd, x) -> sd.identity(x.lt(0.1)).castTo(x.dataType()).mul(x));

        Map<String, BiFunction<SDVariable, SDVariable, SDVariable>> binaries = new LinkedHashMap<>();
        binaries.put("add", SDVariable::add);
        binaries.put("sub", SDVariable::sub);
        binaries.put("mul", SDVariable::mul);
        binaries.put("div", (x, y) -> x.div(y.mul(y).add(0.5)));
        Map<String, long[][]> shapes = new LinkedHashMap<>();
        shapes.put("equal", new long[][] {{3, 5}, {3, 5}});
        shapes.put("row", new long[][] {{3, 5}, {5}});
        shapes.put("row first", new long[][] {{5}, {3, 5}});
        shapes.put("matrix of one row", new long[][] {{3, 5}, {1, 5}});
        shapes.put("column", new long[][] {{3, 5}, {3, 1}});
        shapes.put("column first", new long[][] {{3, 1}, {3, 5}});
        shapes.put("outer", new long[][] {{3, 1}, {1, 5}});
        shapes.put("outer with a vector", new long[][] {{5}, {3, 1}});
        shapes.put("number", new long[][] {{3, 5}, {1, 1}});
        shapes.put("number first", new long[][] {{1, 1}, {3, 5}});
        shapes.put("number beside a column", new long[][] {{4, 1}, {1, 1}});
        shapes.put("vectors", new long[][] {{4}, {4}});
        shapes.put("three dimensions", new long[][] {{2, 3, 4}, {2, 3, 4}});
        shapes.put("three dimensions, rows repeated", new long[][] {{2, 3, 4}, {2, 1, 4}});
        shapes.put("three dimensions, rows again", new long[][] {{2, 3, 4}, {1, 3, 4}});
        shapes.put("three dimensions, outer", new long[][] {{2, 1, 4}, {1, 3, 4}});
        shapes.put("three dimensions, outer the other way", new long[][] {{1, 3, 4}, {2, 1, 4}});
        shapes.put("three dimensions and a matrix", new long[][] {{2, 3, 4}, {3, 4}});
        shapes.put("three dimensions and a row", new long[][] {{2, 3, 4}, {4}});
        shapes.put("three dimensions and a number for each block", new long[][] {{2, 3, 4}, {2, 1, 1}});
        shapes.put("three dimensions and a number for each row", new long[][] {{2, 3, 4}, {2, 3, 1}});
        shapes.put("three dimensions and a column", new long[][] {{2, 3, 4}, {1, 3, 1}});
        shapes.put("three dimensions, all outer", new long[][] {{2, 1, 4}, {1, 3, 1}});
        shapes.put("four dimensions", new long[][] {{2, 3, 2, 4}, {1, 3, 2, 4}});
        shapes.put("four dimensions, rows in the middle", new long[][] {{2, 3, 2, 4}, {1, 3, 1, 4}});
        shapes.put("four dimensions, rows apart", new long[][] {{2, 3, 2, 4}, {2, 1, 2, 4}});
        shapes.put("many rows repeated", new long[][] {{40, 1, 130}, {1, 9, 130}});
        shapes.put("long rows", new long[][] {{3, 2500}, {2500}});
        shapes.put("long rows with a column", new long[][] {{3, 4100}, {3, 1}});
        binaries.forEach((name, operation) -> shapes.forEach((form, pair) -> {
            // See below.
            boolean number = form.startsWith("number") && !form.equals("number first");
            if (!name.equals("div") || !number) {
                add(name + ", " + form, b -> {
                    SDVariable g = b.input("x", 1, 1);
                    SDVariable x = b.inner(b.parameter("a", pair[0]).mul(1.5));
                    SDVariable y = b.inner(b.parameter("b", pair[1]).add(0.25));
                    b.output(operation.apply(x, y)).mul(g);
                });
            }
        }));

        Map<String, BiFunction<SDVariable, SDVariable, SDVariable>> larger = new LinkedHashMap<>();
        larger.put("max", (x, y) -> x.getSameDiff().math().max(x, y));
        larger.put("min", (x, y) -> x.getSameDiff().math().min(x, y));
        larger.forEach((name, operation) -> shapes.forEach((form, pair) -> add(name + ", " + form, b -> {
            SDVariable x = b.parameter("a", pair[0]).mul(b.input("x", 1, 1));
            SDVariable y = b.parameter("b", pair[1]).add(0.25);
            SDVariable result = operation.apply(x, y);
            if (java.util.Arrays.equals(pair[0], pair[1])) {
                b.output(result);
            } else {
                // ND4J's gradient of what repeats is wrong: see below. SameDiff's of a minimum has not even its shape.
                b.plainOutput(result);
                b.output(x.sum());
            }
        })));

        for (boolean keep : new boolean[] {false, true}) {
            for (int[] dimensions : new int[][] {{0}, {1}, {-1}, {0, 1}, {}}) {
                String over = java.util.Arrays.toString(dimensions) + (keep ? ", kept" : "");
                add("sums over " + over, b -> sums(b, x -> x.sum(keep, dimensions)));
                add("means over " + over, b -> sums(b, x -> x.mean(keep, dimensions)));
            }
        }
        for (boolean keep : new boolean[] {false, true}) {
            for (int[] dimensions : new int[][] {{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}}) {
                String over =
                        " of three dimensions over " + java.util.Arrays.toString(dimensions) + (keep ? ", kept" : "");
                add("sums" + over, b -> blocks(b, x -> x.sum(keep, dimensions)));
                add("means" + over, b -> blocks(b, x -> x.mean(keep, dimensions)));
                add(
                        "largest" + over,
                        b -> blocks(
                                b,
                                x -> GraphCase.stopGradient(b.sd, x.max(keep, dimensions))
                                        .add(x.sum(keep, dimensions))));
            }
            for (int[] dimensions : new int[][] {{0}, {1}, {0, 1}, {}}) {
                String over = " over " + java.util.Arrays.toString(dimensions) + (keep ? ", kept" : "");
                add("largest" + over, b -> sums(b, x -> x.max(keep, dimensions)));
                add("smallest" + over, b -> sums(b, x -> x.min(keep, dimensions)));
            }
        }
        add("largest numbers of long rows and of many", b -> {
            SDVariable x = b.input("x", 3, 5000).mul(b.parameter("p", 5000));
            b.plainOutput(x.max(1));
            b.plainOutput(x.max(0));
            b.plainOutput(x.max().mul(2));
            b.plainOutput(x.min(1));
            b.plainOutput(b.sd.reshape(x, 3000, 5).max(0));
            b.plainOutput(b.sd.reshape(x, 3000, 5).max(1));
            b.output(x);
        });
        add("a softmax of blocks whose maximum has no gradient", b -> {
            SDVariable x = b.input("x", 4, 1, 5).mul(b.parameter("p", 1, 3, 5));
            SDVariable shifted = x.sub(GraphCase.stopGradient(b.sd, x.max(true, 2)));
            SDVariable exp = b.sd.math().exp(shifted);
            b.output(exp.div(exp.sum(true, 2)));
            b.output(b.sd.math().log(exp.sum(2)).max(1));
        });
        // The gradient of a sum over the last of three dimensions, where a number stands for a row or a column of them.
        add("sums over the last of three dimensions, weighted by rows and columns", b -> {
            SDVariable x = b.input("x", 3, 4, 5).mul(b.parameter("p", 3, 4, 5));
            SDVariable square = b.input("y", 3, 4, 4).mul(b.parameter("q", 3, 4, 4));
            b.output(x.sum(2).mean(1));
            b.output(x.mean(2).mean(0));
            b.output(x.sum(2).mul(b.parameter("v", 3, 1)));
            b.output(x.sum(2).mul(b.parameter("w", 1, 4)));
            b.output(x.sum(true, 2).mul(b.parameter("u", 1, 4, 1)));
            b.output(square.sum(2).mul(b.constant(2, 1, 4)).mean(0));
        });
        add("rows that are repeated and joined, and repeated again", b -> {
            SDVariable y = b.input("x", 6, 2, 3).mul(b.parameter("p", 6, 2, 3));
            SDVariable joined = b.sd.concat(1, y.sum(1), b.parameter("q", 6, 2));
            b.output(b.sd.reshape(joined, 2, 3, 5).sum(1).mul(b.parameter("w", 2, 5)));
        });
        add("equal, with what is not a number", b -> {
            SDVariable x = b.input("x", 3, 37).mul(b.parameter("p", 3, 37));
            SDVariable none = b.sd.math().log(b.sd.math().abs(x).neg());
            b.plainOutput(x.eq(x.mul(1).add(0)).castTo(x.dataType()));
            b.plainOutput(none.eq(none.mul(1)).castTo(x.dataType()));
            b.plainOutput(b.sd.math().sign(x).eq(1).castTo(x.dataType()));
            b.output(x);
        });
        add("rows that are repeated, in products, parts, joins and other shapes", b -> {
            SDVariable x = b.inner(b.input("x", 3, 4).mul(b.parameter("p", 3, 4)));
            SDVariable ones = b.sd.constant(Nd4j.ones(b.type, 1, 2, 1));
            SDVariable each = b.sd.reshape(b.sd.reshape(x, 3, 1, 4).mul(ones), 6, 4);
            SDVariable again =
                    b.sd.reshape(b.sd.reshape(x, 1, 3, 4).mul(b.sd.constant(Nd4j.ones(b.type, 2, 1, 1))), 6, 4);
            b.output(each);
            b.output(again.mmul(b.parameter("w", 4, 3)));
            b.output(b.sd.mmul(each, again, true, false, false));
            b.output(part(b, each, 1, 2).mul(part(b, again, 2, 2)));
            b.output(b.sd.concat(1, each, again));
            b.output(b.sd.reshape(each.mul(again), 3, 8));
            b.output(b.sd.reshape(again, 2, 12).sum(0));
            b.output(b.sd.transpose(each).mul(b.parameter("c", 4, 1)));
            b.output(each.sub(again).mean(1));
            b.plainOutput(b.sd.reshape(each, 3, 2, 4).max(1));
        });
        add("a maximum between", b -> {
            SDVariable x = b.input("x", 4, 9).mul(b.parameter("p", 9)).add(1);
            SDVariable shifted = x.sub(x.max(true, 1));
            SDVariable sum = b.sd.math().exp(shifted).sum(true, 1);
            b.output(shifted.sub(b.sd.math().log(sum)));
        });
        add("pairwise maxima of parts and joins", b -> {
            SDVariable x = b.input("x", 4, 10).mul(b.parameter("p", 4, 10));
            SDVariable left = part(b, x, 0, 5);
            SDVariable right = part(b, x, 5, 5);
            SDVariable joined = b.sd.concat(1, right.mul(2), left);
            b.output(b.sd.math().max(left, right));
            b.output(b.sd.math().max(joined, x).mul(joined));
        });
        add("a library operation of a part in the middle", b -> {
            SDVariable x = b.input("x", 3, 8).mul(b.parameter("p", 8));
            b.output(b.sd.math()
                    .square(part(b, b.sd.math().tanh(x), 2, 4))
                    .add(1)
                    .mul(part(b, x, 1, 4)));
        });
        add("products of matrices that stand with gaps", b -> {
            SDVariable x = b.input("x", 3, 256);
            SDVariable h = b.sd.math().tanh(x.mul(b.parameter("p", 3, 256)));
            SDVariable y = h.mmul(b.parameter("w", 256, 256));
            SDVariable both = b.sd.math().square(y).mul(h);
            b.output(b.sd.mmul(both, b.sd.math().tanh(y), true, false, false));
            b.output(both.sum(0));
            b.output(b.sd.reshape(both, 6, 128).mul(2));
            b.output(part(b, b.sd.math().exp(y.mul(0.01)), 100, 9));
        });
        add("parts that overlap", b -> {
            SDVariable x = b.input("x", 3, 10).mul(b.parameter("p", 3, 10));
            b.output(part(b, x, 0, 6).mul(part(b, x, 3, 6)));
            b.output(part(b, x, 4, 6));
            b.output(part(b, x, 2, 2));
        });
        add("parts that fill", b -> {
            SDVariable x = b.inner(b.input("x", 3, 10).mul(b.parameter("p", 3, 10)));
            b.output(b.sd.math().tanh(part(b, x, 0, 3)));
            b.output(b.sd.math().exp(part(b, x, 3, 4)));
            b.output(part(b, x, 7, 3).mul(2));
        });
        add("parts of parts", b -> {
            SDVariable x = b.input("x", 3, 12).mul(b.parameter("p", 3, 12));
            SDVariable half = part(b, x, 2, 8);
            b.output(part(b, half, 1, 4).mul(part(b, half, 4, 4)));
            b.output(part(b, part(b, half, 3, 5), 2, 1));
        });
        add("joins", b -> {
            SDVariable x = b.input("x", 4, 3).mul(b.parameter("p", 4, 3));
            SDVariable y = b.sd.math().tanh(x);
            SDVariable column = y.sum(true, 1);
            b.output(b.sd.concat(1, x, y, column));
            SDVariable again = b.sd.concat(1, y, y, x, b.parameter("q", 4, 2), b.constant(3, 4, 1));
            b.output(again.mul(again));
            SDVariable nested = b.sd.concat(1, again, b.sd.concat(1, x, column.mul(2)), y);
            b.output(b.sd.math().exp(nested.mul(0.5)));
            b.output(part(b, nested, 1, 18));
        });
        add("a part that is an output, a join's and a product's", b -> {
            SDVariable y = b.sd.math().tanh(b.input("x", 4, 3).mul(b.parameter("p", 4, 3)));
            b.output(y);
            b.output(b.sd.concat(1, y, y.mul(2)).mmul(b.parameter("w", 6, 5)));
            b.output(y.mmul(b.parameter("v", 3, 2)));
        });
        add("reshaped", b -> {
            SDVariable x = b.input("x", 4, 6).mul(b.parameter("p", 4, 6));
            SDVariable y = b.inner(b.sd.reshape(b.sd.math().tanh(x), 2, 12));
            b.output(y.mul(b.parameter("q", 12)));
            b.output(b.sd.reshape(part(b, x, 1, 3), 6, 2).mul(2));
            b.output(b.sd.reshape(b.sd.reshape(y, 24), 3, 8));
            b.output(part(b, b.sd.reshape(y, 3, 8), 2, 3));
            b.output(b.sd.reshape(x.sum(), 1, 1).mul(x));
            b.output(b.sd.reshape(b.sd.concat(1, x, part(b, x, 0, 2)), 8, 4).sum(1));
        });
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                for (boolean tc : new boolean[] {false, true}) {
                    add("product " + ta + tb + tc, b -> {
                        SDVariable x =
                                b.inner(b.input("x", ta ? 5 : 3, ta ? 3 : 5).mul(2));
                        SDVariable a = x.mul(b.parameter("a", ta ? 5 : 3, ta ? 3 : 5));
                        SDVariable c = b.parameter("b", tb ? 4 : 5, tb ? 5 : 4).add(0.5);
                        b.output(b.sd.mmul(a, b.inner(c), ta, tb, tc));
                    });
                }
            }
        }
        add("products of parts and of repeated rows", b -> {
            SDVariable x = b.input("x", 4, 10).mul(b.parameter("p", 1, 10));
            b.output(part(b, x, 2, 5).mmul(part(b, b.parameter("w", 5, 9), 3, 4)));
            b.output(b.sd.mmul(part(b, x, 0, 3), part(b, x, 5, 5), true, false, false));
            b.output(x.mmul(b.constant(new double[20], 10, 2).add(b.parameter("q", 1, 2))));
            SDVariable one = b.parameter("one", 1, 1);
            b.output(one.mmul(b.parameter("r", 1, 6)));
        });
        scattered("permutation", 4, 2, 0, 3, 1);
        scattered("identity", 3, 0, 1, 2);
        scattered("with columns of zeros", 6, 4, 1);
        scattered("two onto one", 3, 1, 1, 0);
        scattered("one column", 1, 0);
        gathered("permutation", 1, 3, 0, 2);
        gathered("subset", 2, 0);
        gathered("twice the same", 1, 1, 3);
        add("selections of reshaped matrices", b -> {
            SDVariable x = b.sd.math().tanh(b.input("x", 4, 3).mul(b.parameter("p", 4, 3)));
            b.output(scatter(b, b.sd.reshape(x, 2, 6), 6, 5, 3, 0, 1, 2, 4));
            b.output(scatter(b, b.sd.reshape(x, 6, 2), 2, 1, 0));
            b.output(scatter(b, part(b, x, 1, 2), 2, 1, 0));
        });
        add("scattered onto what is not zero", b -> {
            SDVariable x = b.input("x", 5, 3).mul(b.parameter("p", 5, 3));
            SDVariable onto = b.parameter("q", 4, 5).mul(2);
            b.output(b.sd.transpose(b.sd.scatterAdd(onto, integers(b, 2, 0, 1), b.sd.transpose(x))));
        });
        add("transposes that move nothing", b -> {
            SDVariable x = b.input("x", 5, 3).mul(b.parameter("p", 5, 3));
            b.output(b.sd.transpose(b.sd.transpose(x)));
            b.output(b.sd.transpose(x));
        });
        add("transposes of products, parts, joins, sums and vectors", b -> {
            SDVariable x = b.inner(b.input("x", 5, 3).mul(b.parameter("p", 5, 3)));
            SDVariable t = b.sd.transpose(x);
            b.output(t.mul(b.parameter("q", 3, 5)));
            b.output(t.mmul(x));
            b.output(b.sd.mmul(t, t, true, false, false));
            b.output(b.sd.transpose(part(b, x, 1, 2)).add(part(b, t, 0, 5).sum()));
            b.output(b.sd.transpose(b.sd.concat(1, x, x)));
            b.output(b.sd.concat(1, t, t));
            b.output(b.sd.slice(t, new int[] {0, 1}, 3, 3).mmul(b.parameter("w", 3, 2)));
            b.output(t.sum(1));
            b.output(t.mean(0));
            b.output(b.sd.reshape(t, 5, 3).mul(x));
            b.output(b.sd.transpose(b.parameter("row", 1, 4)));
            b.output(b.sd.transpose(b.parameter("column", 4, 1)).mul(2));
            b.output(b.sd.transpose(x.mul(0).add(b.parameter("r", 3))));
            b.output(scatter(b, t, 5, 4, 2, 0, 1, 3));
        });
        add("outputs that are inputs, constants and parameters, and twice", b -> {
            SDVariable x = b.input("x", 2, 3);
            SDVariable p = b.parameter("p", 2, 3);
            b.plainOutput(x);
            b.plainOutput(p);
            b.plainOutput(b.constant(5, 2, 3));
            b.plainOutput(b.constant(new double[] {2, 2}, 2));
            SDVariable y = x.mul(p);
            b.output(y);
            b.plainOutput(b.sd.identity(y));
            b.plainOutput(y.mul(1));
            b.plainOutput(x.mul(p));
            b.plainOutput(b.sd.identity(x));
            b.plainOutput(b.sd.identity(p));
            b.plainOutput(part(b, y, 1, 2));
            b.plainOutput(b.sd.reshape(y, 3, 2));
            b.plainOutput(b.sd.concat(1, y, x));
            b.plainOutput(b.sd.zerosLike(y));
            b.plainOutput(b.sd.onesLike(y).mul(3));
        });
        add("many rows", b -> {
            SDVariable x = b.input("x", 3001, 3).mul(b.parameter("p", 3));
            b.output(x.sum(0));
            b.output(b.sd.math().exp(x).mean(1));
            b.output(x.mul(b.parameter("q", 3001, 1)).mean());
        });
        add("rows in several tiles", b -> {
            SDVariable x = b.input("x", 3, 5000).mul(b.parameter("p", 5000)).add(b.parameter("q", 3, 1));
            b.output(b.sd.math().tanh(x).sum(1));
            b.output(x.mean(0));
            b.output(b.sd.concat(1, part(b, x, 1000, 3000).mul(2), x));
        });
        add("rank three", b -> {
            SDVariable x = b.input("x", 2, 3, 4).mul(b.parameter("p", 2, 3, 4));
            b.output(x.sum(1));
            b.output(x.sum().mul(x));
            b.output(b.sd.reshape(x, 6, 4).mmul(b.parameter("w", 4, 2)));
            b.output(b.sd.permute(x, 1, 0, 2).mul(2));
        });
        ConvolutionCases.addTo(OperationsTest::add);
        // The same matrix, summed and used after the sum: one pass cannot do both.
        add("normalised", b -> {
            SDVariable x = b.input("x", 6, 7).mul(b.parameter("p", 7));
            SDVariable centred = x.sub(x.mean(0));
            SDVariable scaled =
                    centred.mul(centred.mul(centred).mean(0).add(0.1).rdiv(1));
            b.output(scaled.sub(scaled.mean(true, 1)));
        });
    }

    private static SDVariable part(Sketch b, SDVariable x, int from, int width) {
        long rows = x.getShape() == null ? -1 : x.getShape()[0];
        return b.sd.slice(x, new int[] {0, from}, (int) rows, width);
    }

    private static void sums(Sketch b, UnaryOperator<SDVariable> sum) {
        SDVariable x = b.input("x", 3, 5).mul(b.parameter("p", 3, 5));
        b.output(sum.apply(x)).mul(2);
        b.output(sum.apply(b.constant(1, 3, 5).mul(b.parameter("row", 5))));
        // What stands for repeated rows, columns and numbers.
        SDVariable zeros = x.mul(0);
        b.output(sum.apply(zeros.add(b.parameter("q", 1, 5))));
        b.output(sum.apply(zeros.add(b.parameter("c", 3, 1))));
        b.output(sum.apply(zeros.add(b.parameter("n", 1, 1))));
        b.output(sum.apply(b.sd.onesLike(x).mul(b.parameter("d", 3, 1))));
        b.output(sum.apply(b.sd.onesLike(x).mul(b.parameter("e", 5))));
        b.output(sum.apply(b.sd.onesLike(x)));
    }

    private static void blocks(Sketch b, UnaryOperator<SDVariable> fold) {
        SDVariable x = b.input("x", 2, 3, 4).mul(b.parameter("p", 2, 3, 4));
        b.output(fold.apply(x)).mul(2);
        // What stands for repeated rows, columns and numbers.
        SDVariable zeros = x.mul(0);
        b.output(fold.apply(zeros.add(b.parameter("r", 4))));
        b.output(fold.apply(zeros.add(b.parameter("c", 2, 3, 1))));
        b.output(fold.apply(zeros.add(b.parameter("a", 2, 1, 4))));
        b.output(fold.apply(zeros.add(b.parameter("m", 1, 3, 4))));
        b.output(fold.apply(b.sd.onesLike(x).mul(b.parameter("n", 1, 1, 1))));
        b.output(fold.apply(b.sd.onesLike(x).mul(b.parameter("d", 1, 3, 1))));
    }

    /** Column j moves to column {@code to[j]} of {@code columns}, forwards, in the gradient, and of one row. */
    private static void scattered(String name, int columns, int... to) {
        add("scattered columns, " + name, b -> {
            SDVariable x = b.inner(b.input("x", 5, to.length).mul(b.parameter("p", 5, to.length)));
            b.output(b.sd.math().tanh(scatter(b, x, columns, to)));
            b.output(scatter(b, b.parameter("q", 1, to.length), columns, to));
        });
    }

    private static SDVariable scatter(GraphCase.Sketch b, SDVariable x, int columns, int... to) {
        SDVariable rows = b.sd.transpose(x);
        SDVariable zeros = columns == to.length
                ? b.sd.zerosLike(GraphCase.stopGradient(b.sd, rows))
                : b.sd.constant(Nd4j.zeros(b.type, columns, 1))
                        .add(b.sd.zerosLike(GraphCase.stopGradient(b.sd, part(b, x, 0, 1)))
                                .reshape(1, -1));
        return b.sd.transpose(b.sd.scatterAdd(zeros, integers(b, to), rows));
    }

    /** Column i is column {@code from[i]}; SameDiff's gradient of it is a loop. */
    private static void gathered(String name, int... from) {
        add("gathered columns, " + name, b -> {
            SDVariable x = b.input("x", 5, 4).mul(b.parameter("p", 5, 4));
            b.output(x);
            b.plainOutput(b.sd.transpose(b.sd.gather(b.sd.transpose(x), integers(b, from), 0)));
        });
    }

    private static SDVariable integers(GraphCase.Sketch b, int... values) {
        return b.sd.constant(Nd4j.createFromArray(values));
    }

    /** The graph of a case. */
    static Consumer<Sketch> graph(String name) {
        return CASES.get(name);
    }

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void compiledIsTheReference(String name) {
        GraphCase.check(CASES.get(name));
    }

    /** {@code d/dy sum(x/y) = -sum(x)/y^2}, weighted: ND4J's own operation multiplies two sums instead. */
    @Test
    void theGradientOfADivisionByOneNumberIsRight() {
        SameDiff sd = SameDiff.create();
        SDVariable y = sd.var("y", DataType.FLOAT, 1, 1);
        SDVariable x = sd.placeHolder("x", DataType.FLOAT, 1, 2);
        sd.placeHolder("w", DataType.FLOAT, 1, 2).mul(x.div(y)).sum().mul("loss", 1.0);
        List<Input> inputs = List.of(
                new Input("x", DataType.FLOAT, List.of(1L, 2L)), new Input("w", DataType.FLOAT, List.of(1L, 2L)));
        FlatVector vector = FlatVector.zeros(List.of(new Slot("y", List.of(1L, 1L), 0, false)), DataType.FLOAT);
        vector.flat().assign(2);
        try (TrainingProgram program = Engines.best()
                .compileTraining(
                        new Computation(sd, inputs, List.of("loss")),
                        vector,
                        UpdateRule.of(new Optimizer.Momentum(0, 0)))) {
            INDArray a = Nd4j.createFromArray(new float[][] {{3, 5}});
            INDArray w = Nd4j.createFromArray(new float[][] {{1, -2}});
            program.evaluate(List.of(a, w));
            assertThat(program.gradient().flat().getDouble(0)).isCloseTo((-3 + 2 * 5) / 4.0, within(1e-6));
        }
    }

    /** {@code d/dp (p, p) (10, 100)' = 110}: ND4J's own operation adds up twice where a product is one number. */
    @Test
    void theGradientOfAProductThatIsOneNumberIsRight() {
        SameDiff sd = SameDiff.create();
        SDVariable p = sd.var("p", DataType.FLOAT, 1, 1);
        SDVariable row = sd.constant(Nd4j.createFromArray(new float[][] {{10, 100}}));
        sd.mmul(sd.concat(1, p, p), row, false, true, false).sum().mul("loss", 1.0);
        FlatVector vector = FlatVector.zeros(List.of(new Slot("p", List.of(1L, 1L), 0, false)), DataType.FLOAT);
        try (TrainingProgram program = Engines.best()
                .compileTraining(
                        new Computation(sd, List.of(), List.of("loss")),
                        vector,
                        UpdateRule.of(new Optimizer.Momentum(0, 0)))) {
            program.evaluate(List.of());
            assertThat(program.gradient().flat().getDouble(0)).isCloseTo(110, within(1e-4));
        }
    }

    /** {@code d/db sum of w max(a, b)} is the sum of w where a is not above b, for each number of the row b. */
    @Test
    void theGradientOfAMaximumWithARowIsRight() {
        SameDiff sd = SameDiff.create();
        SDVariable b = sd.var("b", DataType.FLOAT, 3);
        SDVariable a = sd.placeHolder("a", DataType.FLOAT, 2, 3);
        SDVariable w = sd.placeHolder("w", DataType.FLOAT, 2, 3);
        sd.math().max(a, b).mul(w).sum().mul("loss", 1.0);
        List<Input> inputs = List.of(
                new Input("a", DataType.FLOAT, List.of(2L, 3L)), new Input("w", DataType.FLOAT, List.of(2L, 3L)));
        FlatVector vector = FlatVector.zeros(List.of(new Slot("b", List.of(3L), 0, false)), DataType.FLOAT);
        vector.flat().assign(Nd4j.createFromArray(1f, 2f, 3f));
        try (TrainingProgram program = Engines.best()
                .compileTraining(
                        new Computation(sd, inputs, List.of("loss")),
                        vector,
                        UpdateRule.of(new Optimizer.Momentum(0, 0)))) {
            program.evaluate(List.of(
                    Nd4j.createFromArray(new float[][] {{0, 5, 3}, {2, 1, 9}}),
                    Nd4j.createFromArray(new float[][] {{1, 2, 4}, {8, 16, 32}})));
            // Where both are equal both have the gradient.
            assertThat(program.gradient().flat().toDoubleVector()).containsExactly(1, 16, 4);
        }
    }
}
