package org.likelihood4j.laboratory.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.laboratory.verify.Formulas.MapForms;
import org.likelihood4j.laboratory.verify.GradientForms.Form;
import org.likelihood4j.laboratory.verify.GradientForms.Gradient;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.VaeOptions;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.factory.Nd4j;

/** Every derivation holds; and with any formula 1% off, exactly the checks that it concerns say so. */
class DerivationsTest {
    private static final Formulas OURS = Formulas.production();

    /** The parts of {@link Formulas}, of a model each function that is verified. */
    private enum Part {
        COUPLING,
        TEXTBOOK,
        ADDITIVE,
        AUTOREGRESSIVE,
        CHAIN,
        VALUES,
        TRAINING_LOSS,
        RECONSTRUCTION_TERM,
        KL_TERM,
        POSTERIOR,
        PRIOR,
        MIXTURE,
        FLOW,
        MAPS,
        GRADIENTS
    }

    /** Which checks use which part: only these can notice that it is wrong. */
    private static final Map<Part, Set<Integer>> USERS = new EnumMap<>(Part.class);

    private static final List<String> NAMES = new ArrayList<>();

    /**
     * A wrong formula.
     *
     * @param part that is replaced
     * @param failing the checks that must fail, by formula
     */
    private record Mutant(String name, Part part, Formulas formulas, Set<String> failing) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void record() {
        for (Part part : Part.values()) {
            USERS.put(part, new TreeSet<>());
        }
        int[] current = {0};
        Formulas recorded = recorded(part -> USERS.get(part).add(current[0]));
        for (; current[0] < Derivations.count(); current[0]++) {
            Finding finding = Derivations.check(current[0], recorded, 1);
            NAMES.add(finding.formula());
            assertThat(finding.verdict()).as(finding.toString()).isEqualTo("ok");
        }
        assertThat(NAMES).doesNotHaveDuplicates();
        assertThat(USERS.values()).noneMatch(Set::isEmpty);
    }

    /** Formulas to be changed one by one. */
    private static final class Edit {
        BiFunction<ParameterPath, Block, Bijector> coupling = OURS.coupling();
        BiFunction<ParameterPath, Block, Bijector> textbook = OURS.textbook();
        BiFunction<ParameterPath, Block, Bijector> additive = OURS.additive();
        BiFunction<ParameterPath, Formulas.Step, Bijector> autoregressive = OURS.autoregressive();
        Function<List<Bijector>, Bijector> chain = OURS.chain();
        Formulas.ValueDraw values = OURS.values();
        Function<VaeOptions, LatentVariableModel> model = OURS.model();
        IntFunction<FactorizedPrior> prior = OURS.prior();
        IntFunction<Prior> mixture = OURS.mixture();
        IntFunction<Prior> flow = OURS.flow();
        MapForms maps = OURS.maps();
        GradientForms gradients = OURS.gradients();

        static Formulas of(Consumer<Edit> change) {
            Edit edit = new Edit();
            change.accept(edit);
            return new Formulas(
                    edit.coupling,
                    edit.textbook,
                    edit.additive,
                    edit.autoregressive,
                    edit.chain,
                    edit.values,
                    edit.model,
                    edit.prior,
                    edit.mixture,
                    edit.flow,
                    edit.maps,
                    edit.gradients);
        }
    }

    private static Mutant mutant(String name, Part part, Consumer<Edit> change, String... failing) {
        return new Mutant(name, part, Edit.of(change), Set.of(failing));
    }

    private static Part part(String method) {
        return switch (method) {
            case "trainingLoss" -> Part.TRAINING_LOSS;
            case "reconstructionTerm" -> Part.RECONSTRUCTION_TERM;
            case "klTerm" -> Part.KL_TERM;
            case "posterior" -> Part.POSTERIOR;
            default -> throw new IllegalArgumentException("no mutant of " + method);
        };
    }

    private interface Listener {
        void used(Part part);
    }

    private static Formulas recorded(Listener listener) {
        return Edit.of(edit -> {
            edit.coupling = (path, block) -> {
                listener.used(Part.COUPLING);
                return OURS.coupling().apply(path, block);
            };
            edit.textbook = (path, block) -> {
                listener.used(Part.TEXTBOOK);
                return OURS.textbook().apply(path, block);
            };
            edit.additive = (path, block) -> {
                listener.used(Part.ADDITIVE);
                return OURS.additive().apply(path, block);
            };
            edit.autoregressive = (path, step) -> {
                listener.used(Part.AUTOREGRESSIVE);
                return OURS.autoregressive().apply(path, step);
            };
            edit.chain = links -> {
                listener.used(Part.CHAIN);
                return OURS.chain().apply(links);
            };
            edit.values = (parameters, scale, random) -> {
                listener.used(Part.VALUES);
                return OURS.values().draw(parameters, scale, random);
            };
            edit.model = options -> {
                LatentVariableModel model = OURS.model().apply(options);
                return Mutants.bent(model, (called, argument, function) -> {
                    listener.used(part(called));
                    return function;
                });
            };
            edit.prior = latent -> {
                listener.used(Part.PRIOR);
                return OURS.prior().apply(latent);
            };
            edit.mixture = latent -> {
                listener.used(Part.MIXTURE);
                return OURS.mixture().apply(latent);
            };
            edit.flow = latent -> {
                listener.used(Part.FLOW);
                return OURS.flow().apply(latent);
            };
            edit.maps = bent(bijector -> {
                listener.used(Part.MAPS);
                return bijector;
            });
            edit.gradients = recordedForms(listener);
        });
    }

    private static GradientForms recordedForms(Listener listener) {
        return map(OURS.gradients(), (name, gradient) -> {
            UnaryOperator<Form> listening = form -> (mu, sigma, eps) -> {
                listener.used(Part.GRADIENTS);
                return form.at(mu, sigma, eps);
            };
            return new Gradient(
                    listening.apply(gradient.mu()),
                    listening.apply(gradient.sigma()),
                    listening.apply(gradient.variance()));
        });
    }

    private interface GradientMap {
        Gradient apply(String name, Gradient gradient);
    }

    private static GradientForms map(GradientForms forms, GradientMap map) {
        return new GradientForms(
                map.apply("analytic", forms.analytic()),
                map.apply("full", forms.full()),
                map.apply("path", forms.path()),
                map.apply("fullMean", forms.fullMean()),
                map.apply("pathMean", forms.pathMean()),
                map.apply("fullVariance", forms.fullVariance()),
                map.apply("pathVariance", forms.pathVariance()),
                map.apply("lossVariance", forms.lossVariance()));
    }

    @Test
    void theyHoldForOtherNumbersToo() {
        for (long seed = 2; seed <= 3; seed++) {
            List<Finding> seen = new ArrayList<>();
            List<Finding> findings = Derivations.verify(OURS, seed, seen::add);
            assertThat(findings).hasSize(Derivations.count()).isEqualTo(seen);
            assertThat(findings).allSatisfy(finding -> {
                assertThat(finding.passed()).as(finding.toString()).isTrue();
                assertThat(finding.cases()).isPositive();
            });
        }
    }

    @Test
    void theSeedDecides() {
        int volume = NAMES.indexOf("coupling: volume is not preserved");
        Finding once = Derivations.check(volume, OURS, 5);
        assertThat(Derivations.check(volume, OURS, 5)).isEqualTo(once);
        assertThat(Derivations.check(volume, OURS, 6).value()).isNotEqualTo(once.value());
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void exactlyTheChecksOfAWrongFormulaFail(Mutant mutant) {
        Set<String> failed = new TreeSet<>();
        for (int index : USERS.get(mutant.part())) {
            Finding finding = Derivations.check(index, mutant.formulas(), 7);
            if (!finding.passed()) {
                assertThat(finding.verdict()).isEqualTo("FAILED");
                failed.add(finding.formula());
            }
        }
        assertThat(failed).isEqualTo(new TreeSet<>(mutant.failing()));
        assertThat(NAMES).containsAll(failed);
    }

    static Stream<Mutant> mutants() {
        return Stream.of(couplings(), families(), autoregressive(), maps(), models(), priors(), forms())
                .flatMap(List::stream);
    }

    // ---- couplings
    // ---------------------------------------------------------------------------------------------------

    private static final String ZEROS = "coupling: dy2/dx1 = 0, diagonal blocks";
    private static final String DIAGONAL = "coupling: diagonal exp(G(x2)), exp(s)";
    private static final String LOG_DET = "log|det J| = sum G + sum s";
    private static final String TEXTBOOK = "textbook coupling: exp(G) x1 + F, x2";
    private static final String ADDITIVE = "additive coupling: x1 + F(x2), x2";

    private static List<Mutant> couplings() {
        return List.of(
                coupling("inverse", (block, b) -> new Mutants.BentBijector(b, 1.01, 1), "coupling: inverse"),
                coupling("log-determinant", (block, b) -> new Mutants.BentBijector(b, 1, 1.01), LOG_DET),
                coupling(
                        "columns of y1 mixed",
                        (block, b) -> mixed(b, block, block.columns(false)[1], block.columns(false)[0]),
                        ZEROS),
                coupling(
                        "y2 that hears of x1",
                        (block, b) -> mixed(b, block, block.columns(false)[0], block.columns(true)[0]),
                        ZEROS,
                        DIAGONAL),
                coupling("scale of x1", (block, b) -> stretched(block, b, false), DIAGONAL),
                coupling("scale of x2", (block, b) -> stretched(block, b, true), DIAGONAL),
                mutant(
                        "chain's log-determinant",
                        Part.CHAIN,
                        edit -> edit.chain =
                                links -> new Mutants.BentBijector(OURS.chain().apply(links), 1, 1.01),
                        LOG_DET),
                mutant(
                        "s and G of 0",
                        Part.VALUES,
                        edit -> edit.values = (parameters, scale, random) ->
                                Mutants.zeroScales(OURS.values().draw(parameters, scale, random)),
                        "coupling: volume is not preserved"));
    }

    private static List<Mutant> families() {
        Map<String, BlockChange> changes = new TreeMap<>(Map.of(
                "inverse", (block, b) -> new Mutants.BentBijector(b, 1.01, 1),
                "scale of x1", (block, b) -> stretched(block, b, false),
                "scale of x2", (block, b) -> stretched(block, b, true),
                "y2 that hears of x1", (block, b) -> mixed(b, block, block.columns(false)[0], block.columns(true)[0])));
        List<Mutant> mutants = new ArrayList<>();
        changes.forEach((name, change) -> {
            mutants.add(textbook(name, change));
            mutants.add(additive(name, change));
        });
        mutants.add(textbook("log-determinant", (block, b) -> new Mutants.BentBijector(b, 1, 1.01)));
        mutants.add(
                mutant("textbook coupling with s", Part.TEXTBOOK, edit -> edit.textbook = OURS.coupling(), TEXTBOOK));
        mutants.add(
                mutant("additive coupling with G", Part.ADDITIVE, edit -> edit.additive = OURS.textbook(), ADDITIVE));
        return mutants;
    }

    private static List<Mutant> autoregressive() {
        Map<String, UnaryOperator<Bijector>> changes = new TreeMap<>(Map.of(
                "inverse", b -> new Mutants.BentBijector(b, 1.01, 1),
                "log-determinant", b -> new Mutants.BentBijector(b, 1, 1.01),
                "value", b -> new Mutants.Stretched(b, 1.01),
                "a column that hears of one behind it", DerivationsTest::heardBackwards));
        List<Mutant> mutants = new ArrayList<>();
        changes.forEach((name, change) -> mutants.add(mutant(
                "autoregressive step, " + name,
                Part.AUTOREGRESSIVE,
                edit -> edit.autoregressive =
                        (path, step) -> change.apply(OURS.autoregressive().apply(path, step)),
                "autoregressive: exp(G(x_<i)) x_i + F(x_<i)")));
        return mutants;
    }

    private static Bijector heardBackwards(Bijector inner) {
        double[][] shear = Matrices.identity(inner.inputShape().size());
        shear[2][1] = 0.01;
        return new Mutants.Followed(inner, shear);
    }

    /** All of them, changed. */
    private static MapForms bent(UnaryOperator<Bijector> change) {
        MapForms ours = OURS.maps();
        return new MapForms(
                (path, shape) -> change.apply(ours.norm().apply(path, shape)),
                (path, shape) -> change.apply(ours.mixing().apply(path, shape)),
                shape -> change.apply(ours.squeeze().apply(shape)),
                (path, split) -> change.apply(ours.coupling().apply(path, split)),
                scales -> change.apply(ours.multiscale().apply(scales)));
    }

    /** One of them changed: its own row fails. */
    private static List<Mutant> maps() {
        Map<String, UnaryOperator<Bijector>> changes = new TreeMap<>(Map.of(
                "inverse", b -> new Mutants.BentBijector(b, 1.01, 1),
                "log-determinant", b -> new Mutants.BentBijector(b, 1, 1.01),
                "value", b -> new Mutants.Stretched(b, 1.01)));
        MapForms ours = OURS.maps();
        List<Mutant> mutants = new ArrayList<>();
        changes.forEach((name, change) -> {
            MapForms bent = bent(change);
            if (!name.equals("log-determinant")) {
                // 0 is 0 however it is bent.
                mutants.add(map("squeeze, " + name, replaced(ours, "squeeze", bent), "squeeze: 2 x 2 places are one"));
            }
            mutants.add(map("norm, " + name, replaced(ours, "norm", bent), "ActNorm: exp(l) x + b"));
            mutants.add(
                    map("mixing, " + name, replaced(ours, "mixing", bent), "1x1 convolution: x P L (U + diag exp(l))"));
            mutants.add(map(
                    "coupling, " + name, replaced(ours, "coupling", bent), "coupling of maps: checkerboard, channels"));
            mutants.add(
                    map("scales, " + name, replaced(ours, "multiscale", bent), "scales: latents leave, log-dets add"));
        });
        return mutants;
    }

    private static MapForms replaced(MapForms ours, String one, MapForms bent) {
        return new MapForms(
                one.equals("norm") ? bent.norm() : ours.norm(),
                one.equals("mixing") ? bent.mixing() : ours.mixing(),
                one.equals("squeeze") ? bent.squeeze() : ours.squeeze(),
                one.equals("coupling") ? bent.coupling() : ours.coupling(),
                one.equals("multiscale") ? bent.multiscale() : ours.multiscale());
    }

    private static Mutant map(String name, MapForms forms, String row) {
        return mutant("of maps: " + name, Part.MAPS, edit -> edit.maps = forms, row);
    }

    private static Mutant textbook(String name, BlockChange change) {
        return mutant(
                "textbook coupling, " + name,
                Part.TEXTBOOK,
                edit -> edit.textbook =
                        (path, block) -> change.apply(block, OURS.textbook().apply(path, block)),
                TEXTBOOK);
    }

    private static Mutant additive(String name, BlockChange change) {
        return mutant(
                "additive coupling, " + name,
                Part.ADDITIVE,
                edit -> edit.additive =
                        (path, block) -> change.apply(block, OURS.additive().apply(path, block)),
                ADDITIVE);
    }

    /** 1% of one column is added to another. */
    private static Bijector mixed(Bijector inner, Block block, int from, int to) {
        double[][] shear = Matrices.identity(block.dimension());
        shear[from][to] = 0.01;
        return new Mutants.Followed(inner, shear);
    }

    private static Bijector stretched(Block block, Bijector inner, boolean conditioning) {
        double[][] stretch = Matrices.identity(block.dimension());
        for (int column : block.columns(conditioning)) {
            stretch[column][column] = 1.01;
        }
        return new Mutants.Followed(inner, stretch);
    }

    private interface BlockChange {
        Bijector apply(Block block, Bijector bijector);
    }

    private static Mutant coupling(String name, BlockChange change, String... failing) {
        return mutant(
                name,
                Part.COUPLING,
                edit -> edit.coupling =
                        (path, block) -> change.apply(block, OURS.coupling().apply(path, block)),
                failing);
    }

    // ---- models
    // ------------------------------------------------------------------------------------------------------

    private static final String ELBO = "ELBO = log p(x) - KL(q || p(z|x))";
    private static final String KL_SUM = "KL(q||p) = sum_j KL(q_j||p_j)";
    private static final String KL = "KL_j = (sigma^2 + mu^2 - log sigma^2 - 1)/2";
    private static final String MONTE_CARLO = "KL = E_q[log q(z) - log p(z)]";
    private static final String ANALYTIC = "analytic: mu; sigma - 1/sigma";
    private static final String FULL = "sampled, full: z; z eps - 1/sigma";
    private static final String PATH = "sampled, path: zbar; zbar eps";
    private static final String FULL_MEAN = "E[full] = mu; sigma - 1/sigma";
    private static final String PATH_MEAN = "E[path] = mu; sigma - 1/sigma";
    private static final String FULL_VARIANCE = "Var[full] = sigma^2; mu^2 + 2 sigma^2";
    private static final String PATH_VARIANCE = "Var[path] = r^2; mu^2 + 2 r^2";
    private static final String LOSS_PATH = "whole loss, path KL: 0 at q = p(z|x)";
    private static final String LOSS_TOWARDS = "whole loss, path KL: rho^2; d^2 + 2 rho^2";
    private static final String LOSS_ANALYTIC = "whole loss, analytic KL: r^2; mu^2 + 2 r^2";
    private static final String BOUND_ENCODER = "k = 2: E[doubly reparameterised] = E[full]";
    private static final String BOUND_DECODER = "k = 2: doubly reparameterised = full";

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
                part(method),
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

    // ---- priors
    // ------------------------------------------------------------------------------------------------------

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
                prior("one dimension's KL on another's account", DerivationsTest::moved, UnaryOperator.identity(), KL),
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

    // ---- closed forms of gradients
    // -----------------------------------------------------------------------------------

    private static List<Mutant> forms() {
        Map<String, String> checks = Map.of(
                "analytic", ANALYTIC,
                "full", FULL,
                "path", PATH,
                "fullMean", FULL_MEAN,
                "pathMean", PATH_MEAN,
                "fullVariance", FULL_VARIANCE,
                "pathVariance", PATH_VARIANCE,
                "lossVariance", LOSS_ANALYTIC);
        List<Mutant> mutants = new ArrayList<>();
        checks.forEach((form, check) -> {
            for (String variable : List.of("mu", "sigma", "sigma^2")) {
                GradientForms bent = map(
                        OURS.gradients(),
                        (name, gradient) -> !name.equals(form)
                                ? gradient
                                : new Gradient(
                                        bent(gradient.mu(), variable.equals("mu")),
                                        bent(gradient.sigma(), variable.equals("sigma")),
                                        bent(gradient.variance(), variable.equals("sigma^2"))));
                mutants.add(mutant(form + " by " + variable, Part.GRADIENTS, edit -> edit.gradients = bent, check));
            }
        });
        return mutants;
    }

    private static Form bent(Form form, boolean bend) {
        return bend ? (mu, sigma, eps) -> 1.01 * form.at(mu, sigma, eps) : form;
    }
}
