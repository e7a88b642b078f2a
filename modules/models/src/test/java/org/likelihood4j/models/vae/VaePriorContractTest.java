package org.likelihood4j.models.vae;

import static org.likelihood4j.models.vae.VaeCases.TANH;
import static org.likelihood4j.models.vae.VaeCases.TOLD;
import static org.likelihood4j.models.vae.VaeCases.flows;
import static org.likelihood4j.models.vae.VaeCases.objective;
import static org.likelihood4j.models.vae.VaeCases.path;
import static org.likelihood4j.models.vae.VaeCases.sampled;

import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.models.ModelCase;
import org.likelihood4j.models.ModelContract;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;

/** The contract of models, of VAEs: a line for each prior. */
class VaePriorContractTest extends ModelContract {
    private static final ElementwiseFamily DERIVED = new DerivedAffineFamily(1.5);

    @Override
    protected Stream<ModelCase> models() {
        Prior told = new FlowPrior(3, 2, TOLD, DERIVED);
        return Stream.of(
                objective("VAE, mixture prior", 4, 2, new MixturePrior(2, 3), sampled(1), 0),
                objective("VAE, one pixel, 3 samples, mixture prior", 1, 1, new MixturePrior(1, 2), sampled(3), 2),
                flow("VAE, flow prior", DERIVED),
                flow("VAE, prior of " + new AffineFamily(1.5), new AffineFamily(1.5)),
                flow("VAE, prior of " + new AdditiveFamily(), new AdditiveFamily()),
                flow("VAE, prior of splines", new RationalQuadraticFamily(3, 30)),
                flows("VAE, conditional, flow prior", Optional.empty(), told, TOLD, sampled(1)),
                flows("VAE, conditional, flow prior, 3 samples, path", Optional.empty(), told, TOLD, path(3)));
    }

    private static ModelCase flow(String name, ElementwiseFamily family) {
        return objective(name, 4, 3, new FlowPrior(3, 2, TANH, family), sampled(1), 0);
    }
}
