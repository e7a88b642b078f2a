package org.likelihood4j.laboratory.verify;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.likelihood4j.laboratory.evidence.AnnealingFormulas;
import org.likelihood4j.laboratory.evidence.LocalFormulas;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.laboratory.verify.Formulas.MapForms;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.VaeOptions;

/**
 * A wrong formula.
 *
 * @param part that is replaced
 * @param failing the checks that must fail, by formula
 */
record Mutant(String name, Part part, Formulas formulas, Set<String> failing) {
    static final Formulas OURS = Formulas.production();

    /** The parts of {@link Formulas}, of a model each function that is verified. */
    enum Part {
        COUPLING,
        TEXTBOOK,
        ADDITIVE,
        SPLINE,
        AUTOREGRESSIVE,
        AUTOREGRESSIVE_SPLINE,
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
        GRADIENTS,
        JOINT_DENSITY,
        ANNEALING,
        LOCAL;

        /** What a function of a model is. */
        static Part of(String method) {
            return switch (method) {
                case "trainingLoss" -> TRAINING_LOSS;
                case "reconstructionTerm" -> RECONSTRUCTION_TERM;
                case "klTerm" -> KL_TERM;
                case "posterior" -> POSTERIOR;
                case "jointDensity" -> JOINT_DENSITY;
                default -> throw new IllegalArgumentException("no mutant of " + method);
            };
        }
    }

    /** Formulas to be changed one by one. */
    static final class Edit {
        BiFunction<ParameterPath, Block, Bijector> coupling = OURS.coupling();
        BiFunction<ParameterPath, Block, Bijector> textbook = OURS.textbook();
        BiFunction<ParameterPath, Block, Bijector> additive = OURS.additive();
        BiFunction<ParameterPath, Block, Bijector> spline = OURS.spline();
        BiFunction<ParameterPath, Formulas.Step, Bijector> autoregressive = OURS.autoregressive();
        BiFunction<ParameterPath, Formulas.Step, Bijector> autoregressiveSpline = OURS.autoregressiveSpline();
        Function<List<Bijector>, Bijector> chain = OURS.chain();
        Formulas.ValueDraw values = OURS.values();
        Function<VaeOptions, LatentVariableModel> model = OURS.model();
        IntFunction<FactorizedPrior> prior = OURS.prior();
        IntFunction<Prior> mixture = OURS.mixture();
        IntFunction<Prior> flow = OURS.flow();
        MapForms maps = OURS.maps();
        GradientForms gradients = OURS.gradients();
        AnnealingFormulas annealing = OURS.annealing();
        LocalFormulas local = OURS.local();

        static Formulas of(Consumer<Edit> change) {
            Edit edit = new Edit();
            change.accept(edit);
            return new Formulas(
                    edit.coupling,
                    edit.textbook,
                    edit.additive,
                    edit.spline,
                    edit.autoregressive,
                    edit.autoregressiveSpline,
                    edit.chain,
                    edit.values,
                    edit.model,
                    edit.prior,
                    edit.mixture,
                    edit.flow,
                    edit.maps,
                    edit.gradients,
                    edit.annealing,
                    edit.local);
        }
    }

    static Mutant mutant(String name, Part part, Consumer<Edit> change, String... failing) {
        return new Mutant(name, part, Edit.of(change), Set.of(failing));
    }

    @Override
    public String toString() {
        return name;
    }
}
