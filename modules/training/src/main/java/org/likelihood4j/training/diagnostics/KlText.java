package org.likelihood4j.training.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.runs.statistics.ActiveUnits;
import org.likelihood4j.training.diagnostics.GradientReport.Component;
import org.likelihood4j.training.diagnostics.GradientReport.Gradient;

/** A run's {@code diagnostics/epoch-0005.txt}: {@link KlDiagnostics} for people. */
public final class KlText {
    private static final String NONE = "none";

    private static final TextTable DIMENSIONS = new TextTable()
            .left(0, 9)
            .right(2, 12)
            .right(2, 12)
            .right(2, 12)
            .right(2, 12)
            .right(2, 12)
            .right(2, 12);

    private static final TextTable TERMS = new TextTable()
            .left(0, 6)
            .left(1, 10)
            .right(1, 14)
            .right(1, 14)
            .right(2, 26)
            .right(2, 26);

    private KlText() {}

    public static String text(long epoch, KlDiagnostics diagnostics) {
        List<String> lines = new ArrayList<>();
        lines.add("After epoch " + epoch + ", on validation images. KL, information and gradients in nats.");
        agreement(lines, diagnostics);
        diagnostics.warnings().forEach(warning -> lines.add("WARNING: " + warning));
        if (diagnostics.latents() != null) {
            latents(lines, diagnostics.latents());
        }
        if (diagnostics.gradients() != null) {
            gradients(lines, diagnostics.gradients());
        }
        return String.join("\n", lines) + "\n";
    }

    private static void agreement(List<String> lines, KlDiagnostics diagnostics) {
        lines.add("");
        KlAgreement kl = diagnostics.agreement();
        if (kl == null) {
            boolean closedForm =
                    diagnostics.latents() != null && diagnostics.latents().klAnalytic() != null;
            lines.add(
                    closedForm
                            ? "The two KLs were not compared: diagnostics.everyStep is false."
                            : "Analytic KL: " + NONE + ", so there is nothing to compare the sampled KL with"
                                    + sampled(diagnostics.sampled()) + ".");
            return;
        }
        lines.add(line("Analytic KL %.4f, sampled KL %.4f at the same z.", kl.analytic(), kl.sampled()));
        lines.add(difference("Difference", "images", kl));
        KlAgreement pooled = diagnostics.pooled();
        if (pooled != null && pooled.examples() > kl.examples()) {
            lines.add(difference("Over all epochs so far", "draws of images", pooled));
        }
    }

    private static String sampled(Double kl) {
        return kl == null ? "" : line(", which is %.4f", kl);
    }

    private static String difference(String what, String of, KlAgreement kl) {
        String difference = line(
                "%s %.4f +- %.4f over %,d %s: z = %.2f.",
                what, kl.difference(), kl.standardError(), kl.examples(), of, kl.z());
        return kl.isJudged()
                ? difference
                        + line(" The alarm is at %.4f (%.0f standard errors).", kl.detectableBias(), KlAgreement.LIMIT)
                : difference + line(" These are too few for an alarm, which takes %d.", KlAgreement.FEWEST);
    }

    private static void latents(List<String> lines, LatentReport latents) {
        lines.add("");
        boolean informs = latents.mutualInformation() != null;
        lines.add(line(
                "Latent dimensions over %,d images: %d of %d active (variance of %s above %.2f).",
                latents.images(),
                latents.activeUnits(),
                latents.latent(),
                informs ? "the posterior mean" : "f(mu), f the posterior's flow,",
                ActiveUnits.THRESHOLD));
        lines.addAll(
                informs
                        ? List.of(
                                line(
                                        "Mutual information is estimated with these images as the only ones there are, so it cannot exceed log N = %.3f.",
                                        latents.cap()),
                                "Dimensions share information: do not add up its column, nor that of the marginal KL.")
                        : List.of("Behind a flow no dimension has a density of its own in closed form."));
        lines.add("");
        lines.add(DIMENSIONS.line(
                "dimension", "KL analytic", "KL sampled", "var of mean", "active", "information", "marginal KL"));
        for (int j = 0; j < latents.latent(); j++) {
            lines.add(DIMENSIONS.line(
                    String.valueOf(j),
                    number(latents.klAnalytic(), j),
                    number(latents.klSampled(), j),
                    number(latents.meanVariance(), j),
                    latents.active(j) ? "yes" : "no",
                    number(latents.mutualInformation(), j) + cap(latents, j),
                    number(latents.marginalKl(), j)));
        }
    }

    /** Marks an estimate that is so near to log N that it says no more than that. */
    private static String cap(LatentReport latents, int j) {
        return latents.mutualInformation() != null
                        && latents.mutualInformation().get(j) > 0.95 * latents.cap()
                ? " (cap)"
                : "";
    }

    private static String number(List<Double> values, int j) {
        return values == null ? NONE : line("%.4f", values.get(j));
    }

    private static void gradients(List<String> lines, GradientReport report) {
        lines.add("");
        lines.add(line(
                "Gradients with respect to the posterior's mu and sigma: %d images, %d draws of each. The training %s.",
                report.images(),
                report.draws(),
                report.estimator()
                        .map(estimator -> "uses " + GradientReport.name(estimator))
                        .orElse("minimises another loss than the one here, -log p(x|z) + KL")));
        lines.add("Variance: over the draws of an image, mean over images, sum over dimensions. Difference from "
                + GradientReport.name(report.reference())
                + ": mean over images and draws, sum over dimensions.");
        lines.add("");
        lines.add(
                TERMS.line("term", "estimator", "variance mu", "variance sigma", "difference mu", "difference sigma"));
        gradients(lines, "KL", report.kl());
        gradients(lines, "loss", report.loss());
    }

    private static void gradients(List<String> lines, String term, Map<KlEstimator, Gradient> gradients) {
        gradients.forEach((estimator, gradient) -> lines.add(TERMS.line(
                term,
                GradientReport.name(estimator),
                line("%.5g", gradient.mu().variance()),
                line("%.5g", gradient.sigma().variance()),
                difference(gradient.mu()),
                difference(gradient.sigma()))));
    }

    private static String difference(Component component) {
        return component.standardError() == 0
                ? line("%.4g", component.difference())
                : line("%.4g +- %.2g", component.difference(), component.standardError());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
