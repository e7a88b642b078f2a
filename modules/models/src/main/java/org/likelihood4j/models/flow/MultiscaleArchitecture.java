package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.ActNorm;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.ClassBase;
import org.likelihood4j.models.bijectors.InvertibleConv;
import org.likelihood4j.models.bijectors.Labelled;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.ChannelSplit;
import org.likelihood4j.models.bijectors.coupling.CheckerboardSplit;
import org.likelihood4j.models.bijectors.coupling.Coupling;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Multiscale;
import org.likelihood4j.models.bijectors.coupling.Split;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Conv2d;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Window;

/**
 * Couplings of maps at several scales (Dinh et al. 2017, 3.6). A scale is, in this order:
 *
 * <pre>
 * squeeze: 2 x 2 places become one of four times the channels      (not at the first scale)
 * couplings of channels, whose halves take turns
 * half of the channels become latents                              (not at the first scale, nor the last)
 * couplings of the checkerboard, whose colours take turns
 * </pre>
 *
 * <p>Before each coupling there may be an {@link ActNorm} and, of 2 channels and more, an {@link
 * InvertibleConv}: it starts by reversing the channels, so the couplings of channels behind it always
 * transform the first half. With a learned base a latent half is N(m(h), diag sigma(h)^2) given the
 * half h that goes on (Kingma and Dhariwal 2018): that is one more coupling of channels, {@code z = (x -
 * m(h)) / sigma(h)}, whose network is one 3x3 convolution; the base itself stays N(0, I). The latents of the last scale may have a base for
 * each class: {@link ClassBase}.
 *
 * @param scales from the finest on
 * @param norms whether there are ActNorms
 * @param mixing whether there are invertible convolutions
 * @param learnedBase whether latents of all scales but the last have a learned base
 * @param classes which the latents of the last scale have bases for; empty where that is N(0, I)
 * @param logScaleBound of the log-scales of norms, mixing, learned base and that of classes
 */
public record MultiscaleArchitecture(
        List<Scale> scales,
        ElementwiseFamily family,
        boolean norms,
        boolean mixing,
        boolean learnedBase,
        Optional<FunctionInput.Condition> classes,
        double logScaleBound)
        implements Architecture {
    /**
     * The couplings of a scale.
     *
     * @param channel couplings of channels
     * @param checkerboard couplings of the checkerboard
     * @param conditioner the kind of their networks, which are between maps
     */
    public record Scale(int channel, int checkerboard, LayerFactory conditioner) {
        public Scale {
            if (channel < 0 || checkerboard < 0) {
                throw new IllegalArgumentException(
                        "couplings must be at least 0, were " + channel + " and " + checkerboard);
            }
        }

        int couplings() {
            return channel + checkerboard;
        }
    }

    /** With N(0, I) for the latents of the last scale. */
    public MultiscaleArchitecture(
            List<Scale> scales,
            ElementwiseFamily family,
            boolean norms,
            boolean mixing,
            boolean learnedBase,
            double logScaleBound) {
        this(scales, family, norms, mixing, learnedBase, Optional.empty(), logScaleBound);
    }

    public MultiscaleArchitecture {
        scales = List.copyOf(scales);
        if (scales.stream().allMatch(scale -> scale.couplings() == 0)) {
            throw new IllegalArgumentException("there must be at least 1 coupling");
        }
    }

    @Override
    public boolean treatsPlacesAlike() {
        return true;
    }

    @Override
    public double totalLogScale() {
        double each = family.logScaleBound() + (norms ? logScaleBound : 0) + (mixing ? logScaleBound : 0);
        double base = learnedBase && scales.size() > 2 ? logScaleBound : 0;
        double ofClasses = classes.isPresent() ? logScaleBound : 0;
        return each * scales.stream().mapToInt(Scale::couplings).sum() + base + ofClasses;
    }

    @Override
    public Body create(FlowData data) {
        if (!(data.shape() instanceof EventShape.Image image)) {
            throw new IllegalArgumentException("a multi-scale flow is one of images, not of " + data.shape());
        }
        return new Builder(Permutation.toMap(image)).build();
    }

    /** Grows the bijectors link by link. */
    private final class Builder {
        private final List<Multiscale.Scale> parts = new ArrayList<>();
        private final List<Start> starts = new ArrayList<>();
        private final List<Bijector> links = new ArrayList<>();
        private FeatureMap shape;
        /** What comes before the next link as the flow starts. */
        private Step before;
        /** Whether the channels have been normalised since they last changed. */
        private boolean normalized;

        Builder(Permutation toMap) {
            before = (g, x) -> x;
            add(toMap);
        }

        Body build() {
            for (int i = 0; i < scales.size(); i++) {
                Scale scale = scales.get(i);
                ParameterPath path = ParameterPath.root().child("scale", i);
                if (i > 0) {
                    add(Permutation.squeeze(shape));
                }
                int coupling = 0;
                for (int k = 0; k < scale.channel(); k++) {
                    int half = shape.channels() / 2;
                    boolean first = mixing || k % 2 == 0;
                    Split split =
                            first ? ChannelSplit.transformFirst(shape, half) : ChannelSplit.transformRest(shape, half);
                    couple(path.child("coupling", coupling++), i, "channel", split, scale);
                }
                if (i > 0 && i < scales.size() - 1) {
                    factorOut(path, i);
                }
                for (int k = 0; k < scale.checkerboard(); k++) {
                    couple(
                            path.child("coupling", coupling++),
                            i,
                            "checkerboard",
                            new CheckerboardSplit(shape, k % 2),
                            scale);
                }
            }
            int last = scales.size() - 1;
            ParameterPath base = ParameterPath.root().child("scale", last).child("classes");
            classes.ifPresent(condition -> links.add(labelled(
                    last, "classes", "base of each class", new ClassBase(base, shape, condition, logScaleBound))));
            parts.add(new Multiscale.Scale(new Chain(links), shape.channels()));
            Multiscale multiscale = new Multiscale(parts);
            return new Body(multiscale, multiscale.latents(), starts);
        }

        private void couple(ParameterPath path, int at, String kind, Split split, Scale scale) {
            if (norms) {
                ActNorm norm = new ActNorm(path.child("norm"), shape, logScaleBound);
                // Behind another one the channels have mean 0 and variance 1 as they start.
                if (!normalized) {
                    starts.add(new Start(norm, before));
                }
                add(labelled(at, "norm", "ActNorm", norm));
                normalized = true;
            }
            if (mixing && shape.channels() > 1) {
                add(labelled(
                        at,
                        "mixing",
                        "invertible 1x1 convolutions",
                        new InvertibleConv(path.child("mixing"), shape, logScaleBound)));
            }
            // The identity as it starts.
            Coupling coupling = Coupling.startingAtIdentity(path, split, scale.conditioner(), family);
            links.add(labelled(at, kind, kind + " couplings", coupling));
        }

        /** Told with what is of the same kind at the same scale. */
        private static Labelled labelled(int at, String kind, String what, Bijector link) {
            return new Labelled(
                    new Bijector.Term("scale" + at + "_" + kind, "log-det of the " + what + " at scale " + at), link);
        }

        private void factorOut(ParameterPath path, int at) {
            int latents = shape.channels() / 2;
            ChannelSplit split = ChannelSplit.transformFirst(shape, latents);
            if (learnedBase) {
                AffineFamily affine = new AffineFamily(logScaleBound);
                ParameterPath base = path.child("base");
                Conv2d network = new Conv2d(
                        base.child("conditioner"),
                        split.conditionerInput(),
                        split.conditionerOutput(affine.parametersPerColumn()).channels(),
                        Window.everywhere(3),
                        Activation.IDENTITY,
                        Initializer.zeros());
                links.add(labelled(at, "base", "learned base", new Coupling(base, split, network, affine)));
            }
            parts.add(new Multiscale.Scale(new Chain(links), latents));
            links.clear();
            before = before.then((g, x) -> split.split(x).conditioning());
            shape = split.conditioning();
        }

        private void add(Bijector link) {
            links.add(link);
            before = before.then((g, x) -> link.forward(g, x).value());
            FeatureMap made = (FeatureMap) link.outputShape();
            normalized = normalized && made.equals(shape);
            shape = made;
        }
    }
}
