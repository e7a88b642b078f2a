package org.likelihood4j.laboratory.verify;

/**
 * The gradients of {@code KL(N(mu, sigma^2) || N(0, 1))} by its three estimators, as derived, for one dimension and {@code z =
 * mu + sigma eps}:
 *
 * <pre>
 * analytic:             d mu = mu                                  d sigma = sigma - 1/sigma
 * sampled, full:        d mu = z                                   d sigma = z eps - 1/sigma
 * sampled, path:        d mu = zbar = (mu - z)/sigma^2 + z         d sigma = zbar eps
 * expectation of both:  the analytic one
 * variance, full:       d mu: sigma^2                              d sigma: mu^2 + 2 sigma^2
 * variance, path:       d mu: (sigma - 1/sigma)^2                  d sigma: mu^2 + 2 (sigma - 1/sigma)^2
 * </pre>
 *
 * <p>With respect to {@code sigma^2} each sigma-gradient is divided by {@code 2 sigma}, and so its variance by {@code 4
 * sigma^2}.
 *
 * <p>At the exact posterior the path gradient of the whole loss is 0 for every eps: there the reconstruction's gradient is minus
 * the path form of the KL's. So the whole loss with the analytic KL has the variance of the path form.
 *
 * @param analytic closed form's own gradient
 * @param full at eps
 * @param path at eps
 * @param fullMean over eps
 * @param pathMean over eps
 * @param fullVariance over eps
 * @param pathVariance over eps
 * @param lossVariance over eps, of the whole loss with the analytic KL at the exact posterior
 */
record GradientForms(
        Gradient analytic,
        Gradient full,
        Gradient path,
        Gradient fullMean,
        Gradient pathMean,
        Gradient fullVariance,
        Gradient pathVariance,
        Gradient lossVariance) {
    /** A value of one dimension at {@code (mu, sigma, eps)}; what is no function of eps ignores it. */
    @FunctionalInterface
    interface Form {
        double at(double mu, double sigma, double eps);
    }

    /** With respect to mu, sigma and sigma^2. */
    record Gradient(Form mu, Form sigma, Form variance) {
        /** A gradient whose third form follows by the chain rule. */
        static Gradient of(Form mu, Form sigma) {
            return new Gradient(mu, sigma, (m, s, e) -> sigma.at(m, s, e) / (2 * s));
        }

        /** The variance of a gradient whose third form follows by the chain rule. */
        static Gradient varianceOf(Form mu, Form sigma) {
            return new Gradient(mu, sigma, (m, s, e) -> sigma.at(m, s, e) / (4 * s * s));
        }
    }

    static GradientForms derived() {
        Gradient analytic = Gradient.of((m, s, e) -> m, (m, s, e) -> s - 1 / s);
        Form z = (m, s, e) -> m + s * e;
        Form zBar = (m, s, e) -> (m - z.at(m, s, e)) / (s * s) + z.at(m, s, e);
        Form square = (m, s, e) -> (s - 1 / s) * (s - 1 / s);
        Gradient path = Gradient.varianceOf(square, (m, s, e) -> m * m + 2 * square.at(m, s, e));
        return new GradientForms(
                analytic,
                Gradient.of(z, (m, s, e) -> z.at(m, s, e) * e - 1 / s),
                Gradient.of(zBar, (m, s, e) -> zBar.at(m, s, e) * e),
                analytic,
                analytic,
                Gradient.varianceOf((m, s, e) -> s * s, (m, s, e) -> m * m + 2 * s * s),
                path,
                path);
    }
}
