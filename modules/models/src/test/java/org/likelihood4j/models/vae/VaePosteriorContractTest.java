package org.likelihood4j.models.vae;

import static org.likelihood4j.models.vae.VaeCases.TANH;
import static org.likelihood4j.models.vae.VaeCases.TOLD;
import static org.likelihood4j.models.vae.VaeCases.flows;
import static org.likelihood4j.models.vae.VaeCases.sampled;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelCase;
import org.likelihood4j.models.ModelContract;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;

/** The contract of models, of VAEs: lines for each posterior, of one draw and of three. */
class VaePosteriorContractTest extends ModelContract {
    private static final Prior NORMAL = new StandardNormalPrior(3);

    @Override
    protected Stream<ModelCase> models() {
        return Stream.concat(IntStream.of(1, 3).boxed().flatMap(VaePosteriorContractTest::models), splines());
    }

    private static Stream<ModelCase> splines() {
        RationalQuadraticFamily splines = new RationalQuadraticFamily(3, 30);
        PosteriorFlow couplings = PosteriorFlow.ofCouplings(3, 0, 2, TANH, splines);
        PosteriorFlow steps = PosteriorFlow.inverseAutoregressive(3, 2, 2, new Masked(3, TANH), splines);
        return Stream.of(
                flows("VAE, posterior of splines", Optional.of(couplings), NORMAL, TANH, sampled(1)),
                flows("VAE, iaf posterior of splines", Optional.of(steps), NORMAL, TANH, sampled(1)));
    }

    private static Stream<ModelCase> models(int draws) {
        String name = draws == 1 ? "" : ", 3 samples";
        LayerFactory masked = new Masked(3, TANH);
        LayerFactory toldMasked = new Masked(3, TANH).given(new FunctionInput.Condition("label", 3));
        Prior prior = new FlowPrior(3, 2, TOLD, new DerivedAffineFamily(1.5));
        Objective objective = sampled(draws);
        return Stream.of(
                flows("VAE, coupling posterior" + name, couplings(0, TANH), NORMAL, TANH, objective),
                flows("VAE, iaf posterior" + name, steps(0, masked), NORMAL, TANH, objective),
                flows(
                        "VAE, conditional, coupling posterior, flow prior" + name,
                        couplings(2, TOLD),
                        prior,
                        TOLD,
                        objective),
                flows("VAE, conditional, iaf posterior" + name, steps(2, toldMasked), prior, TOLD, objective));
    }

    private static Optional<PosteriorFlow> couplings(int context, LayerFactory network) {
        return Optional.of(PosteriorFlow.ofCouplings(3, context, 2, network, new DerivedAffineFamily(1)));
    }

    private static Optional<PosteriorFlow> steps(int context, LayerFactory network) {
        return Optional.of(PosteriorFlow.inverseAutoregressive(3, context, 2, network, new AffineFamily(1)));
    }
}
