package org.likelihood4j.data.synthetic.densities;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.random.RandomStream;

/**
 * A word, and given it a whole number, one of two words and an amount: the log of the probability of the first three times the density of the last, which depends on all but
 * the number.
 *
 * <pre>
 * colour c   P(red) = 0.5, P(green) = 0.3, P(blue) = 0.2
 * visits     Poisson of mean 1, 4, 9
 * member m   P(yes) = 0.1, 0.5, 0.9
 * spent      log spent ~ N((c + 1)/2 + (1 if m, else -1), 0.3^2)
 * </pre>
 */
final class MixedColumns implements KnownDensity {
    private static final double[] SHARES = {0.5, 0.3, 0.2};
    private static final double[] VISITS = {1, 4, 9};
    private static final double[] MEMBERS = {0.1, 0.5, 0.9};
    private static final double DEVIATION = 0.3;

    /** What no column has seen, but in one of 10^13 rows. */
    private static final double MOST_VISITS = 40;

    private static final List<Column> COLUMNS = List.of(
            new Column("colour", new ColumnKind.Category(List.of("red", "green", "blue"))),
            new Column(
                    "visits",
                    new ColumnKind.Whole(
                            0, ColumnKind.Whole.LARGEST, Optional.of(new ColumnKind.Seen(0, MOST_VISITS)))),
            new Column("member", new ColumnKind.Truth("no", "yes")),
            new Column("spent", new ColumnKind.Log(0)));

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double u = draws.uniform(0, 1);
        int colour = u < SHARES[0] ? 0 : u < SHARES[0] + SHARES[1] ? 1 : 2;
        int member = draws.uniform(0, 1) < MEMBERS[colour] ? 1 : 0;
        target[at] = colour;
        target[at + 1] = poisson(draws, VISITS[colour]);
        target[at + 2] = member;
        target[at + 3] = Math.exp(mean(colour, member) + DEVIATION * draws.normal());
    }

    /** Knuth 1969, 3.4.1: of means as small as these. */
    private static int poisson(RandomStream draws, double mean) {
        int count = -1;
        double product = 1;
        do {
            product *= draws.uniform(0, 1);
            count++;
        } while (product > Math.exp(-mean));
        return count;
    }

    private static double mean(int colour, int member) {
        return (colour + 1) / 2.0 + (member == 1 ? 1 : -1);
    }

    /** {@code -Infinity} of what is no word, no count or no amount. */
    @Override
    public double logDensity(double... point) {
        for (int k = 0; k < COLUMNS.size(); k++) {
            if (!COLUMNS.get(k).kind().holds(point[k])) {
                return Double.NEGATIVE_INFINITY;
            }
        }
        int colour = (int) point[0];
        int member = (int) point[2];
        double rate = VISITS[colour];
        double log = Math.log(SHARES[colour]) - rate;
        for (int k = 1; k <= point[1]; k++) {
            log += Math.log(rate / k);
        }
        return log
                + Math.log(member == 1 ? MEMBERS[colour] : 1 - MEMBERS[colour])
                + LogDensities.logNormal(Math.log(point[3]), mean(colour, member), DEVIATION)
                - Math.log(point[3]);
    }
}
