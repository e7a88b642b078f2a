package org.likelihood4j.laboratory.verify;

import static org.likelihood4j.laboratory.verify.Mutant.OURS;
import static org.likelihood4j.laboratory.verify.Mutant.mutant;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.likelihood4j.laboratory.verify.Mutant.Part;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.factory.Nd4j;

/** Models and priors that are 1% off. */
final class ModelMutants {
    private static final String ELBO = "ELBO = log p(x) - KL(q || p(z|x))";
    private static final String KL_SUM = "KL(q||p) = sum_j KL(q_j||p_j)";
    private static final String KL = "KL_j = (sigma^2 + mu^2 - log sigma^2 - 1)/2";
    private static final String MONTE_CARLO = "KL = E_q[log q(z) - log p(z)]";
    static final String ANALYTIC = "analytic: mu; sigma - 1/sigma";
    static final String FULL = "sampled, full: z; z eps - 1/sigma";
    static final String PATH = "sampled, path: zbar; zbar eps";
    static final String FULL_MEAN = "E[full] = mu; sigma - 1/sigma";
    static final String PATH_MEAN = "E[path] = mu; sigma - 1/sigma";
    static final String FULL_VARIANCE = "Var[full] = sigma^2; mu^2 + 2 sigma^2";
    static final String PATH_VARIANCE = "Var[path] = r^2; mu^2 + 2 r^2";
    private static final String LOSS_PATH = "whole loss, path KL: 0 at q = p(z|x)";
    private static final String LOSS_TOWARDS = "whole loss, path KL: rho^2; d^2 + 2 rho^2";
    static final String LOSS_ANALYTIC = "whole loss, analytic KL: r^2; mu^2 + 2 r^2";
    private static final String BOUND_ENCODER = "k = 2: E[doubly reparameterised] = E[full]";
    private static final String BOUND_DECODER = "k = 2: doubly reparameterised = full";

    private ModelMutants() {}

    static Stream<Mutant> all() {
        return Stream.of(models(), priors()).flatMap(List::stream);
    }

    private static List<Mutant> models() {
        return List.of(
                output("elbo", "trainingLoss", "elbo", ELBO),
                output("analytic KL", "trainingLoss", "kl_analytic", KL_SUM),
                term("analytic KL term", KlEstimator.ANALYTIC, ANALYTIC),
                term("full KL term", KlEstimator.SAMPLED, FULL, FULL_MEAN, FULL_VARIANCE),
                term("path KL term", KlEstimator.PATH, PATH, PATH_MEAN, PATH_VARIANCE, LOSS_TOWARDS),
                output(
                        "density of a flow posterior",
                        "posterior",
                        "log_posterior",
                        "flow posterior: log q = log N(z0) - log|J|"),
                output("reconstruction term", "reconstructionTerm", "term", LOSS_TOWARDS, LOSS_ANALYTIC),
                loss(
                        "weight of the path KL",
                        1,
                        (function, loss) ->
                                loss.add(mean(function, "kl_sampled").mul(0.01)),
                        LOSS_PATH),
                loss(
                        "doubly reparameterised loss",
                        2,
                        (function, loss) -> loss.mul(1.01),
                        BOUND_ENCODER,
                        BOUND_DECODER),
                loss(
                        "doubly reparameterised, of the encoder",
                        2,
                        (function, loss) -> loss.add(slopeOnly(mean(function, "kl_analytic"))),
                        BOUND_ENCODER),
                loss(
                        "doubly reparameterised, of the decoder",
                        2,
                        (function, loss) -> loss.add(slopeOnly(mean(function, "decoder/output/bias"))),
                        BOUND_DECODER));
    }

    private static SDVariable mean(ModelFunction function, String variable) {
        return function.graph().getVariable(variable).mean();
    }

    /** A term of value 0 with 1% of the gradient. */
    private static SDVariable slopeOnly(SDVariable x) {
        return x.sub(new StopGradient(x.getSameDiff(), x).outputVariable()).mul(0.01);
    }

    /** With a wrong function. */
    private static Mutant model(String name, String method, Mutants.Change change, String... failing) {
        return mutant(
                name,
                Part.of(method),
                edit -> edit.model = options -> Mutants.bent(
                        OURS.model().apply(options),
                        (called, argument, function) ->
                                called.equals(method) ? change.apply(called, argument, function) : function),
                failing);
    }

    private static Mutant output(String name, String method, String output, String... failing) {
        return model(
                name,
                method,
                (called, argument, function) -> Mutants.with(function, output, v -> v.mul(1.01)),
                failing);
    }

    private static Mutant term(String name, KlEstimator estimator, String... failing) {
        return model(
                name,
                "klTerm",
                (called, argument, function) -> Objects.equals(argument, estimator)
                        ? Mutants.with(function, "term", v -> v.mul(1.01))
                        : function,
                failing);
    }

    private interface LossChange {
        SDVariable apply(ModelFunction function, SDVariable loss);
    }

    /** Of the path estimator with k draws. */
    private static Mutant loss(String name, int draws, LossChange change, String... failing) {
        return mutant(
                name,
                Part.TRAINING_LOSS,
                edit -> edit.model = options -> {
                    boolean meant = options.objective().estimator() == KlEstimator.PATH
                            && options.objective().importanceSamples() == draws;
                    return Mutants.bent(
                            OURS.model().apply(options),
                            (called, argument, function) -> meant && called.equals("trainingLoss")
                                    ? Mutants.with(function, "loss", v -> change.apply(function, v))
                                    : function);
                },
                failing);
    }

    private static List<Mutant> priors() {
        return List.of(
                prior(
                        "closed form",
                        (latent, kl) -> kl.mul(1.01),
                        UnaryOperator.identity(),
                        ELBO,
                        KL_SUM,
                        KL,
                        MONTE_CARLO,
                        ANALYTIC),
                prior("one dimension's KL on another's account", ModelMutants::moved, UnaryOperator.identity(), KL),
                prior(
                        "sampled KL",
                        (latent, kl) -> kl,
                        sampled -> sampled.mul(1.01),
                        MONTE_CARLO,
                        FULL,
                        FULL_MEAN,
                        FULL_VARIANCE,
                        PATH,
                        PATH_MEAN,
                        PATH_VARIANCE,
                        LOSS_PATH,
                        LOSS_TOWARDS,
                        BOUND_ENCODER),
                prior("sampled KL's normaliser", (latent, kl) -> kl, sampled -> sampled.sub(0.035), MONTE_CARLO),
                mutant(
                        "mixture's normaliser",
                        Part.MIXTURE,
                        edit -> edit.mixture =
                                latent -> new Mutants.LargePrior(OURS.mixture().apply(latent)),
                        "mixture prior: integral = 1"),
                mutant(
                        "flow prior's normaliser",
                        Part.FLOW,
                        edit -> edit.flow =
                                latent -> new Mutants.LargePrior(OURS.flow().apply(latent)),
                        "flow prior: integral = 1"));
    }

    private interface KlChange {
        SDVariable apply(int latent, SDVariable kl);
    }

    /** 1% of the first dimension's KL is booked on the second's: the sum stays. */
    private static SDVariable moved(int latent, SDVariable kl) {
        double[][] move = Matrices.identity(latent);
        if (latent > 1) {
            move[0][0] = 0.99;
            move[0][1] = 0.01;
        }
        return kl.mmul(kl.getSameDiff().constant(Nd4j.createFromArray(move)));
    }

    private static Mutant prior(String name, KlChange change, UnaryOperator<SDVariable> sampled, String... failing) {
        return mutant(
                name,
                Part.PRIOR,
                edit -> edit.prior = latent ->
                        new Mutants.BentPrior(OURS.prior().apply(latent), kl -> change.apply(latent, kl), sampled),
                failing);
    }
}
