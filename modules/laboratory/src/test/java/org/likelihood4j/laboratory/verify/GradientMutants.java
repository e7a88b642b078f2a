package org.likelihood4j.laboratory.verify;

import static org.likelihood4j.laboratory.verify.ModelMutants.ANALYTIC;
import static org.likelihood4j.laboratory.verify.ModelMutants.FULL;
import static org.likelihood4j.laboratory.verify.ModelMutants.FULL_MEAN;
import static org.likelihood4j.laboratory.verify.ModelMutants.FULL_VARIANCE;
import static org.likelihood4j.laboratory.verify.ModelMutants.LOSS_ANALYTIC;
import static org.likelihood4j.laboratory.verify.ModelMutants.PATH;
import static org.likelihood4j.laboratory.verify.ModelMutants.PATH_MEAN;
import static org.likelihood4j.laboratory.verify.ModelMutants.PATH_VARIANCE;
import static org.likelihood4j.laboratory.verify.Mutant.OURS;
import static org.likelihood4j.laboratory.verify.Mutant.mutant;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.likelihood4j.laboratory.verify.GradientForms.Form;
import org.likelihood4j.laboratory.verify.GradientForms.Gradient;
import org.likelihood4j.laboratory.verify.Mutant.Part;

/** Closed forms of gradients that are 1% off. */
final class GradientMutants {
    private GradientMutants() {}

    static Stream<Mutant> all() {
        return forms().stream();
    }

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

    interface GradientMap {
        Gradient apply(String name, Gradient gradient);
    }

    static GradientForms map(GradientForms forms, GradientMap map) {
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
}
