package org.likelihood4j.engine.planning;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.PortableProgram.Operation;
import org.likelihood4j.engine.plan.PortableProgram.Output;
import org.likelihood4j.engine.plan.PortableProgram.Value;
import org.likelihood4j.engine.plan.UnportableException;
import org.likelihood4j.engine.planning.Node.Kind;

/**
 * Makes a {@link PortableProgram} of one computation that was recorded twice, for two numbers of examples. Both become nodes; these must be the
 * same but for sizes, and a size is either the same in both, or the number of examples times another.
 */
public final class PortablePlanner {
    private static final Set<Elementwise> NONE_OF_PROGRAMS =
            EnumSet.of(Elementwise.RELU_GRADIENT, Elementwise.ELU_GRADIENT, Elementwise.BFLOAT16);

    private final int first;
    private final int second;
    private final List<Value> values = new ArrayList<>();
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Map<Value, Integer> known = new HashMap<>();
    private final Map<DoubleBuffer, Operation.Literal> literals = new HashMap<>();

    private PortablePlanner(int first, int second) {
        this.first = first;
        this.second = second;
    }

    /**
     * A computation recorded for some number of examples: a prime that nothing else of it has as a size, so that sizes can be told apart.
     */
    public record Sized(Graph graph, int examples) {}

    /**
     * Makes the program.
     *
     * @param outputs the names of what is wanted
     * @throws UnportableException if an operation is none of those that programs have, or depends on N in another way; says which
     */
    public static PortableProgram plan(Sized one, Sized other, List<String> outputs) {
        int operations = one.graph().operations().size();
        return Planner.deep(
                operations, () -> new PortablePlanner(one.examples(), other.examples()).made(one, other, outputs));
    }

    private PortableProgram made(Sized one, Sized other, List<String> outputs) {
        Lowering a = new Lowering(one.graph(), Narrowing.NONE);
        Lowering b = new Lowering(other.graph(), Narrowing.NONE);
        SortedMap<Integer, Pair> pairs = new TreeMap<>();
        for (String output : outputs) {
            collect(new Pair(a.output(output), b.output(output)), pairs);
        }
        pairs.forEach((id, pair) -> {
            Value value = value(pair, one.graph(), other.graph());
            // Literals of other names with the same numbers have become one, and so has what is made of them.
            numbers.put(id, known.computeIfAbsent(value, made -> {
                values.add(made);
                return values.size() - 1;
            }));
        });
        Map<String, Output> results = new LinkedHashMap<>();
        for (String output : outputs) {
            results.put(
                    output,
                    new Output(
                            numbers.get(a.output(output).id()),
                            shape(
                                    one.graph().variable(output).shape(),
                                    other.graph().variable(output).shape())));
        }
        return new PortableProgram(values, results);
    }

    /** The same value for the two numbers of examples. */
    private record Pair(Node one, Node other) {}

    private void collect(Pair pair, SortedMap<Integer, Pair> pairs) {
        Node one = pair.one();
        Node other = pair.other();
        Pair known = pairs.get(one.id());
        if (known != null) {
            require(known.other() == other, pair);
            return;
        }
        require(
                one.kind().getClass() == other.kind().getClass()
                        && one.inputs().size() == other.inputs().size(),
                pair);
        if (one.kind() instanceof Kind.Result && one.input(0).kind() instanceof Kind.Library library) {
            throw new UnportableException("operation " + library.operation() + " (" + library.kind()
                    + ") is none that a portable program has");
        }
        for (int i = 0; i < one.inputs().size(); i++) {
            collect(new Pair(one.input(i), other.input(i)), pairs);
        }
        pairs.put(one.id(), pair);
    }

    private void require(boolean fits, Pair pair) {
        if (!fits) {
            throw new UnportableException("the computation depends on the number of examples: for " + first + " and "
                    + second + " of them it has " + pair.one() + " and " + pair.other());
        }
    }

    private Value value(Pair pair, Graph one, Graph other) {
        Node node = pair.one();
        return new Value(
                operation(pair, one, other),
                node.inputs().stream().map(input -> numbers.get(input.id())).toList(),
                extent(node.rows(), pair.other().rows()),
                extent(node.columns(), pair.other().columns()));
    }

    private Operation operation(Pair pair, Graph one, Graph other) {
        Kind a = pair.one().kind();
        Kind b = pair.other().kind();
        if (a instanceof Kind.Reduce x && b instanceof Kind.Reduce y) {
            require(x.fold() == y.fold() && x.over() == y.over(), pair);
            return new Operation.Reduce(x.fold(), x.over(), extent(x.each(), y.each()));
        }
        if (a instanceof Kind.Convolution x && b instanceof Kind.Convolution y) {
            Extent images = extent(x.shape().images(), y.shape().images());
            ConvolutionShape shape = x.shape().withImages(images.size());
            require(shape.equals(y.shape().withImages(images.size())) && x.direction() == y.direction(), pair);
            if (x.direction() == Direction.WEIGHTS) {
                throw new UnportableException("a gradient of weights is none that a portable program has");
            }
            return new Operation.Convolution(shape, x.direction(), images);
        }
        if (a instanceof Kind.Repeat x && b instanceof Kind.Repeat y) {
            return new Operation.Repeat(extent(x.each(), y.each()));
        }
        require(a.equals(b), pair);
        return same(a, pair, one, other);
    }

    /** Of what does not depend on the number of examples. */
    private Operation same(Kind kind, Pair pair, Graph one, Graph other) {
        if (kind instanceof Kind.Constant constant) {
            return new Operation.Constant(constant.value());
        }
        if (kind instanceof Kind.Source source) {
            return switch (source.origin()) {
                case INPUT -> new Operation.Input(source.name());
                case VECTOR -> new Operation.Tensor(source.name());
                case LITERAL -> {
                    double[] numbers = one.variable(source.name()).values();
                    require(Arrays.equals(numbers, other.variable(source.name()).values()), pair);
                    yield literals.computeIfAbsent(
                            DoubleBuffer.wrap(numbers), content -> new Operation.Literal(source.name(), numbers));
                }
            };
        }
        if (kind instanceof Kind.Apply apply) {
            if (NONE_OF_PROGRAMS.contains(apply.operation())) {
                throw new UnportableException(
                        apply.operation() + ", of gradients, is none that a portable program has");
            }
            return new Operation.Apply(apply.operation());
        }
        if (kind instanceof Kind.Product product) {
            return new Operation.Product(product.transposeA(), product.transposeB());
        }
        if (kind instanceof Kind.Window window) {
            return new Operation.Window(window.from());
        }
        if (kind instanceof Kind.Join join) {
            return new Operation.Join(join.widths());
        }
        if (kind instanceof Kind.Select select) {
            return new Operation.Select(select.columns());
        }
        return kind instanceof Kind.View ? new Operation.View() : new Operation.Transpose();
    }

    private List<Extent> shape(List<Long> one, List<Long> other) {
        List<Extent> shape = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            shape.add(extent(Math.toIntExact(one.get(i)), Math.toIntExact(other.get(i))));
        }
        return shape;
    }

    private Extent extent(int one, int other) {
        if (one == other) {
            return new Extent(one, false);
        }
        int each = one / first;
        if (one != each * first || other != each * second) {
            throw new UnportableException("the computation has a size that is " + one + " for " + first
                    + " examples and " + other + " for " + second + ": neither fixed nor a multiple");
        }
        return new Extent(each, true);
    }
}
