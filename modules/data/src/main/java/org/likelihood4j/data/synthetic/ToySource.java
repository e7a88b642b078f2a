package org.likelihood4j.data.synthetic;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.random.RandomStream;

/** Points that a seed draws from a {@link ToyDensity}, which the tables carry with them. */
public final class ToySource implements PartialSource {
    private final ToyDensity density;
    private final VectorShape shape;
    private final int train;
    private final int validation;
    private final int test;
    private final long seed;

    /**
     * A source.
     *
     * @param train how many training points, at least 1
     * @param validation how many validation points, 0 or more
     * @param test how many test points, 0 or more
     */
    public ToySource(ToyDensity density, int train, int validation, int test, long seed) {
        if (train < 1 || validation < 0 || test < 0) {
            throw new DataException("toy: needs at least 1 training point and no negative number of others, but has "
                    + train + ", " + validation + " and " + test);
        }
        this.density = density;
        this.shape = new VectorShape(density.columns());
        this.train = train;
        this.validation = validation;
        this.test = test;
        this.seed = seed;
    }

    @Override
    public Splits load(ProgressListener progress) {
        return new Splits(draw(0, first(train)), draw(1, first(validation)), draw(2, first(test)));
    }

    private static int[] first(int count) {
        return IntStream.range(0, count).toArray();
    }

    @Override
    public int[] trainingRows(SplitSizes sizes) {
        return first(sizes.train());
    }

    @Override
    public Table readRows(int[] rows, SplitSizes sizes, ProgressListener progress) {
        return draw(0, rows);
    }

    /** Each point has a stream of its own: more of them change neither those before nor another split. */
    private Table draw(int split, int[] numbers) {
        int count = numbers.length;
        long key = CounterRandom.key(CounterRandom.key(seed, "toy/" + name()), split);
        int columns = shape.size();
        double[] values = new double[columns * count];
        double[] logDensities = new double[count];
        for (int i = 0; i < count; i++) {
            density.draw(new RandomStream(CounterRandom.key(key, numbers[i])), values, columns * i);
            logDensities[i] = density.logDensity(Arrays.copyOfRange(values, columns * i, columns * (i + 1)));
        }
        return Table.owning(shape, values, new int[count]).withoutLabels().withLogDensities(logDensities);
    }

    @Override
    public VectorShape shape() {
        return shape;
    }

    @Override
    public String describe() {
        return "toy: " + name() + ", seed " + seed + ": " + train + " training, " + validation + " validation, " + test
                + " test rows of " + shape;
    }

    private String name() {
        return density.name().toLowerCase(Locale.ROOT);
    }
}
