package org.likelihood4j.score.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Tensors;
import org.likelihood4j.score.kernels.Products;

/**
 * Makes kernels of values: what depends on no input is computed once and for all, windows and views are looks at what is there, and everything
 * else gets a place for the time that it is needed.
 */
final class Compiler {
    private static final double[] NOTHING = new double[0];

    private final List<Value> values;
    private final Tensors tensors;
    private final Place[] places;
    /** Of each value the one whose memory it is in. */
    private final int[] roots;
    /** Of each value the last one that reads it. */
    private final int[] last;

    private final Placement placement = new Placement();
    private final List<Kernel> kernels = new ArrayList<>();
    private final Map<String, Place> inputs = new LinkedHashMap<>();
    private final Map<Integer, Place> turned = new HashMap<>();

    Compiler(List<Value> values, Tensors tensors, List<Integer> outputs) {
        this.values = values;
        this.tensors = tensors;
        this.places = new Place[values.size()];
        this.roots = new int[values.size()];
        this.last = new int[values.size()];
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            boolean alias = value.operation().isAlias();
            roots[i] = alias ? roots[value.inputs().get(0)] : i;
            last[roots[i]] = Math.max(last[roots[i]], i);
            for (int input : value.inputs()) {
                last[roots[input]] = i;
            }
        }
        outputs.forEach(output -> last[roots[output]] = Integer.MAX_VALUE);
        // They are filled before the first kernel, so that they must not share what is free until later.
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).operation() instanceof Operation.Input input) {
                places[i] = input(input, values.get(i).shape());
            }
        }
        for (int i = 0; i < values.size(); i++) {
            places[i] = places[i] == null ? place(i) : places[i];
            release(i);
        }
    }

    private Place input(Operation.Input input, Shape shape) {
        Place place = Place.inMemory(placement.take(shape.size()), shape);
        if (inputs.put(input.name(), place) != null) {
            throw new ExportException("the program has the input '" + input.name() + "' twice");
        }
        return place;
    }

    List<Kernel> kernels() {
        return kernels;
    }

    /** Numbers of memory for each example. */
    int memory() {
        return placement.size();
    }

    /** Where the inputs go. */
    Map<String, Place> inputs() {
        return inputs;
    }

    /** Where a value is. */
    Place of(int number) {
        return places[number];
    }

    private void release(int i) {
        for (int input : values.get(i).inputs()) {
            releaseRoot(roots[input], i);
        }
        releaseRoot(roots[i], i);
    }

    private void releaseRoot(int root, int now) {
        Place place = places[root];
        if (last[root] == now && !place.isConstant()) {
            placement.giveBack(place.each(), place.shape().size());
            // A value may be an input twice.
            last[root] = Integer.MAX_VALUE;
        }
    }

    private Place place(int i) {
        Value value = values.get(i);
        Operation operation = value.operation();
        Shape shape = value.shape();
        if (operation instanceof Operation.Constant number) {
            return Place.constant(new double[] {number.value()}, shape);
        }
        if (operation instanceof Operation.Tensor tensor) {
            double[] numbers = tensors.get(tensor.name()).values();
            if (numbers.length != shape.size()) {
                throw new ExportException("tensor '" + tensor.name() + "' has " + numbers.length
                        + " numbers, and the program wants " + shape);
            }
            return Place.constant(numbers, shape);
        }
        Place first = places[value.inputs().get(0)];
        if (operation instanceof Operation.Window window) {
            return first.window(window.from(), shape);
        }
        if (operation instanceof Operation.View) {
            if (!first.isCompact()) {
                throw new ExportException("the program looks at some columns as if they were a whole matrix");
            }
            return first.view(shape);
        }
        return computed(value, shape);
    }

    private Place computed(Value value, Shape shape) {
        List<Place> parts = value.inputs().stream().map(input -> places[input]).toList();
        boolean constant = !shape.isPerExample();
        if (constant && !parts.stream().allMatch(Place::isConstant)) {
            throw new ExportException("the program makes of examples what is of none");
        }
        Place out = room(shape, constant);
        emit(kernel(value, parts, out), constant);
        return out;
    }

    private Place room(Shape shape, boolean constant) {
        if (!constant) {
            return Place.inMemory(placement.take(shape.size()), shape);
        }
        tensors.make(shape.size());
        return Place.constant(new double[shape.size()], shape);
    }

    private void emit(Kernel kernel, boolean now) {
        if (now) {
            kernel.run(NOTHING, Kernel.Scratch.of(List.of(kernel)), 0);
        } else {
            kernels.add(kernel);
        }
    }

    private Kernel kernel(Value value, List<Place> parts, Place out) {
        Operation operation = value.operation();
        Place in = parts.get(0);
        if (operation instanceof Operation.Apply apply) {
            return new Kernel.Apply(apply.function(), in, parts.size() > 1 ? parts.get(1) : null, out);
        }
        if (operation instanceof Operation.Reduce reduce) {
            return switch (reduce.over()) {
                case COLUMNS -> new Kernel.FoldColumns(reduce.largest(), in, out);
                case ROWS -> new Kernel.FoldGroups(reduce.largest(), 1, in, out);
                case GROUPS ->
                    new Kernel.FoldGroups(reduce.largest(), reduce.each().size(), in, out);
                case ALL -> new Kernel.FoldColumns(reduce.largest(), oneRow(in), out);
            };
        }
        if (operation instanceof Operation.Product product) {
            Place a = product.transposeA() ? turned(value.inputs().get(0)) : in;
            Place b = product.transposeB() ? turned(value.inputs().get(1)) : parts.get(1);
            return b.isConstant() ? new Kernel.Product(a, rows(b), out) : new Kernel.ProductOfExamples(a, b, out);
        }
        if (operation instanceof Operation.Convolution convolution) {
            Place weights = convolution.transposed() ? turned(value.inputs().get(1)) : parts.get(1);
            if (!weights.isConstant()) {
                throw new ExportException("the program convolves with weights of examples");
            }
            return new Kernel.Convolution(
                    convolution.sizes(), convolution.transposed(), convolution.images(), whole(in), rows(weights), out);
        }
        if (operation instanceof Operation.Join join) {
            List<Place> all = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                all.add(ProgramReader.isZero(values.get(value.inputs().get(i))) ? null : parts.get(i));
            }
            return new Kernel.Join(all, join.widths(), out);
        }
        if (operation instanceof Operation.Repeat repeat) {
            return new Kernel.Repeat(repeat.each(), in, out);
        }
        if (operation instanceof Operation.Select select) {
            return new Kernel.Select(select.columns(), in, out);
        }
        return new Kernel.Transpose(in, out);
    }

    private double[][] rows(Place place) {
        int columns = place.columns(0);
        boolean whole = place.isCompact() && place.at(0) == 0 && place.constant().length == place.rows(0) * columns;
        if (whole) {
            return tensors.rows(place.constant(), columns);
        }
        tensors.make((long) place.rows(0) * columns);
        return Products.rows(place.constant(), place.at(0), place.step(0), place.rows(0), columns);
    }

    /** Of a constant, which alone is folded so. */
    private static Place oneRow(Place place) {
        return whole(place).view(new Shape(Extent.ONE, place.shape().extent()));
    }

    private static Place whole(Place place) {
        if (!place.isCompact()) {
            throw new ExportException("the program looks at some columns as if they were a whole matrix");
        }
        return place;
    }

    /** The transpose of a value, which of a constant is made once. */
    private Place turned(int number) {
        return turned.computeIfAbsent(number, key -> {
            Place place = places[number];
            Shape shape = place.shape().turned();
            Place out = room(shape, place.isConstant());
            emit(new Kernel.Transpose(place, out), place.isConstant());
            return out;
        });
    }
}
