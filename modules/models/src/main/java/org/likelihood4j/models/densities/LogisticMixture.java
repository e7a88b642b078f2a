package org.likelihood4j.models.densities;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Images of 8-bit pixels: at each place a mixture of K logistic distributions, of which the numbers
 * of a grid of 256 get the probability of their cells (Salimans et al. 2017, "PixelCNN++"). With x
 * on the scale from -1 to 1, h = 1/255 and the logistic function S,
 *
 * <pre>
 * P(x)         = sum over k of pi_k  product over channels c of P_kc(x_c)
 * P_kc(x)      = S((x + h - m)/s) - S((x - h - m)/s)
 * </pre>
 *
 * <p>Each P_kc is that of {@link LogisticCells}. Of three channels the means of the second
 * and third depend on the pixel's own numbers before them: {@code m_2 + t_1 x_1} and {@code m_3 +
 * t_2 x_1 + t_3 x_2}. Its noise is uniform on [0, 1).
 *
 * @param shape of the images, channel by channel
 * @param parameters {@code [N, K P H W]}: for each component P maps, which are log pi (up to a
 *     constant), the means and log s of each channel, and of three channels t
 * @param components K
 */
public record LogisticMixture(GraphBuilder g, EventShape.Image shape, SDVariable parameters, int components)
        implements Density {
    /** Half a cell. */
    private static final double HALF = 1.0 / 255;

    /** Far below a cell's width, and far above the whole range. */
    private static final double SMALLEST_LOG_SCALE = -8;

    private static final double LARGEST_LOG_SCALE = 3;

    /** P: how many maps a component has. */
    public static int maps(EventShape.Image shape) {
        return 1 + 2 * shape.channels() + (shape.channels() == 3 ? 3 : 0);
    }

    /** The image that a network has to make for such a mixture. */
    public static EventShape.Image parameterShape(EventShape.Image shape, int components) {
        return EventShape.image(shape.height(), shape.width(), Math.multiplyExact(components, maps(shape)));
    }

    /**
     * {@code log P(x) [N]}.
     *
     * @param x intensities {@code pixel/255}
     */
    @Override
    public SDVariable logProb(SDVariable x) {
        List<SDVariable> values = channels(x).stream().map(c -> c.mul(2).sub(1)).toList();
        List<SDVariable> logits = logits();
        List<SDVariable> joint = new ArrayList<>();
        for (int k = 0; k < components; k++) {
            SDVariable sum = logits.get(k);
            for (int c = 0; c < shape.channels(); c++) {
                sum = sum.add(logProbability(values.get(c), mean(at(k), c, values), logScale(at(k), c)));
            }
            joint.add(sum);
        }
        SDVariable each = logSumExp(joint).sub(logSumExp(logits));
        return StableOps.sumPerExample(each, EventShape.row(places()));
    }

    /** Of one channel's numbers, under one component. */
    private SDVariable logProbability(SDVariable x, SDVariable mean, SDVariable logScale) {
        SDVariable precision = g.sameDiff().math().exp(logScale.neg());
        SDVariable centred = x.sub(mean);
        SDVariable above = centred.add(HALF).mul(precision);
        SDVariable below = centred.sub(HALF).mul(precision);
        SDVariable zeros = g.sameDiff().zerosLike(x);
        SDVariable black = g.sameDiff().lt(x, zeros.add(HALF - 1)).castTo(g.type());
        SDVariable white = g.sameDiff().lt(zeros.add(1 - HALF), x).castTo(g.type());
        return LogisticCells.logProbability(g, above, below, precision.mul(HALF), black, white);
    }

    /**
     * The mean of each number {@code [N, size]}, as an intensity in [0, 1]: that of the mixture
     * before it is cut to the range.
     */
    public SDVariable mean() {
        List<SDVariable> logits = logits();
        SDVariable normalizer = logSumExp(logits);
        List<SDVariable> sums = new ArrayList<>();
        for (int k = 0; k < components; k++) {
            SDVariable weight = g.sameDiff().math().exp(logits.get(k).sub(normalizer));
            List<SDVariable> means = new ArrayList<>();
            for (int c = 0; c < shape.channels(); c++) {
                means.add(mean(at(k), c, means));
                SDVariable share = weight.mul(means.get(c));
                if (k == 0) {
                    sums.add(share);
                } else {
                    sums.set(c, sums.get(c).add(share));
                }
            }
        }
        return intensities(sums);
    }

    /**
     * Each place's first number chooses the component by the interval of length pi_k in which it
     * lies, and where in it it lies is uniform again.
     */
    @Override
    public SDVariable sample(SDVariable noise) {
        List<SDVariable> uniform = new ArrayList<>(channels(noise));
        List<SDVariable> logits = logits();
        SDVariable normalizer = logSumExp(logits);
        SDVariable first = uniform.get(0);
        SDVariable zeros = g.sameDiff().zerosLike(first);
        SDVariable from = zeros;
        SDVariable rest = zeros;
        List<SDVariable> chosen = new ArrayList<>();
        for (int k = 0; k < components; k++) {
            SDVariable weight = g.sameDiff().math().exp(logits.get(k).sub(normalizer));
            SDVariable to = k == components - 1 ? zeros.add(2) : from.add(weight);
            SDVariable inside = g.sameDiff()
                    .lt(first, to)
                    .castTo(g.type())
                    .sub(g.sameDiff().lt(first, from).castTo(g.type()));
            chosen.add(inside);
            rest = rest.add(inside.mul(first.sub(from).div(weight)));
            from = to;
        }
        uniform.set(0, rest);
        IntFunction<SDVariable> own = map -> {
            SDVariable sum = zeros;
            for (int k = 0; k < components; k++) {
                sum = sum.add(chosen.get(k).mul(at(k).apply(map)));
            }
            return sum;
        };
        List<SDVariable> values = new ArrayList<>();
        for (int c = 0; c < shape.channels(); c++) {
            SDVariable logit = LogisticCells.noise(g, uniform.get(c));
            SDVariable scale = g.sameDiff().math().exp(logScale(own, c));
            SDVariable x = StableOps.clamp(mean(own, c, values).add(scale.mul(logit)), -1, 1);
            values.add(g.sameDiff()
                    .math()
                    .round(x.add(1).div(2 * HALF))
                    .mul(2 * HALF)
                    .sub(1));
        }
        return intensities(values);
    }

    /** From the scale of the formulas to intensities, all channels side by side. */
    private SDVariable intensities(List<SDVariable> channels) {
        SDVariable joined =
                channels.size() == 1 ? channels.get(0) : g.sameDiff().concat(1, channels.toArray(SDVariable[]::new));
        return joined.add(1).mul(0.5);
    }

    /** Of a channel, given the pixel's numbers before it. */
    private SDVariable mean(IntFunction<SDVariable> maps, int channel, List<SDVariable> values) {
        SDVariable mean = maps.apply(1 + channel);
        if (shape.channels() != 3 || channel == 0) {
            return mean;
        }
        int slopes = 1 + 2 * shape.channels();
        return channel == 1
                ? mean.add(maps.apply(slopes).mul(values.get(0)))
                : mean.add(maps.apply(slopes + 1).mul(values.get(0)))
                        .add(maps.apply(slopes + 2).mul(values.get(1)));
    }

    private SDVariable logScale(IntFunction<SDVariable> maps, int channel) {
        return StableOps.clamp(maps.apply(1 + shape.channels() + channel), SMALLEST_LOG_SCALE, LARGEST_LOG_SCALE);
    }

    private List<SDVariable> logits() {
        return IntStream.range(0, components).mapToObj(k -> at(k).apply(0)).toList();
    }

    /** The maps of a component, {@code [N, H W]}. */
    private IntFunction<SDVariable> at(int component) {
        return map -> {
            int first = (component * maps(shape) + map) * places();
            return StableOps.columns(parameters, first, first + places());
        };
    }

    private List<SDVariable> channels(SDVariable x) {
        return shape.channels() == 1
                ? List.of(x)
                : IntStream.range(0, shape.channels())
                        .mapToObj(c -> StableOps.columns(x, c * places(), (c + 1) * places()))
                        .toList();
    }

    private int places() {
        return shape.height() * shape.width();
    }

    /** Of several matrices, number by number. */
    private SDVariable logSumExp(List<SDVariable> terms) {
        SDVariable largest = terms.get(0);
        for (SDVariable term : terms.subList(1, terms.size())) {
            largest = g.sameDiff().max(largest, term);
        }
        // The gradient with respect to it is 0, whatever it is.
        largest = StableOps.stopGradient(largest);
        SDVariable sum = null;
        for (SDVariable term : terms) {
            SDVariable share = g.sameDiff().math().exp(term.sub(largest));
            sum = sum == null ? share : sum.add(share);
        }
        return g.sameDiff().math().log(sum).add(largest);
    }
}
