package org.likelihood4j.laboratory.exercises;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.laboratory.verify.Finding;

class ExercisesTest {
    /** A solution, of which tests spoil one formula each. */
    private static class Solution implements OwnFormulas {
        @Override
        public double kl(double mu, double sigma) {
            return 0.5 * (sigma * sigma + mu * mu - 1) - Math.log(sigma);
        }

        @Override
        public double[] klGradient(double mu, double sigma) {
            return new double[] {mu, sigma - 1 / sigma};
        }

        @Override
        public double[][] couple(
                double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
            double[] y1 = x1.clone();
            double[] y2 = x2.clone();
            for (int i = 0; i < y1.length; i++) {
                y1[i] = Math.exp(g.apply(x2)[i]) * x1[i] + f.apply(x2)[i];
                y2[i] = Math.exp(s[i]) * x2[i];
            }
            return new double[][] {y1, y2};
        }

        @Override
        public double[][] decouple(
                double[] y1, double[] y2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
            double[] x1 = y1.clone();
            double[] x2 = y2.clone();
            for (int i = 0; i < x2.length; i++) {
                x2[i] = y2[i] / Math.exp(s[i]);
            }
            for (int i = 0; i < x1.length; i++) {
                x1[i] = (y1[i] - f.apply(x2)[i]) / Math.exp(g.apply(x2)[i]);
            }
            return new double[][] {x1, x2};
        }

        @Override
        public double coupleLogDet(
                double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
            return DoubleStream.of(g.apply(x2)).sum() + DoubleStream.of(s).sum();
        }

        @Override
        public double bitsOfPixel(double logDensity, double v, double alpha) {
            double squeezed = alpha + (1 - 2 * alpha) * v;
            double logDet = Math.log(1 - 2 * alpha) - Math.log(squeezed) - Math.log1p(-squeezed);
            return -(logDensity + logDet) / Math.log(2) + 8;
        }

        @Override
        public double logMeanExp(double... logWeights) {
            double most = Arrays.stream(logWeights).max().orElseThrow();
            return most
                    + Math.log(Arrays.stream(logWeights)
                            .map(w -> Math.exp(w - most))
                            .average()
                            .orElseThrow());
        }

        @Override
        public double effectiveSampleSize(double... logWeights) {
            double most = Arrays.stream(logWeights).max().orElseThrow();
            double sum = Arrays.stream(logWeights).map(w -> Math.exp(w - most)).sum();
            return sum
                    * sum
                    / Arrays.stream(logWeights)
                            .map(w -> Math.exp(2 * (w - most)))
                            .sum();
        }
    }

    private static List<String> failures(OwnFormulas own) {
        return Exercises.check(own, 3, finding -> {}).stream()
                .filter(finding -> !finding.passed())
                .map(Finding::formula)
                .toList();
    }

    @Test
    void aSolutionPasses() {
        List<Finding> findings = Exercises.check(new Solution(), 1, finding -> {});
        assertThat(findings).hasSize(12).allSatisfy(finding -> {
            assertThat(finding.passed()).as(finding.toString()).isTrue();
            assertThat(finding.cases()).as(finding.toString()).isPositive();
        });
    }

    @Test
    void whatIsNotWrittenIsSaidAndDoesNotFail() {
        assertThat(Exercises.check(new OwnFormulas() {}, 1, finding -> {}))
                .hasSize(12)
                .allSatisfy(finding -> assertThat(finding.compared()).isEqualTo("not written yet"));
    }

    /** Each slip is found by the identities that it breaks, and by no others. */
    @Test
    void aSlipIsFoundWhereItIs() {
        assertThat(failures(new Solution() {
                    @Override
                    public double kl(double mu, double sigma) {
                        return super.kl(mu, sigma) * 2;
                    }
                }))
                .containsExactly("1 KL(N(mu, sigma^2) || N(0, 1))");
        assertThat(failures(new Solution() {
                    @Override
                    public double[] klGradient(double mu, double sigma) {
                        return new double[] {mu, sigma + 1 / sigma};
                    }
                }))
                .containsExactly("2 dKL/dsigma");
        assertThat(failures(new Solution() {
                    @Override
                    public double coupleLogDet(
                            double[] x1,
                            double[] x2,
                            UnaryOperator<double[]> f,
                            UnaryOperator<double[]> g,
                            double[] s) {
                        return DoubleStream.of(g.apply(x2)).sum();
                    }
                }))
                .containsExactly("3 log|det J|");
        assertThat(failures(new Solution() {
                    @Override
                    public double[][] decouple(
                            double[] y1,
                            double[] y2,
                            UnaryOperator<double[]> f,
                            UnaryOperator<double[]> g,
                            double[] s) {
                        // F and G at y2, which is not x2.
                        double[][] x = super.decouple(y1, y2, f, g, s);
                        return new double[][] {super.decouple(y1, y2, f, g, new double[s.length])[0], x[1]};
                    }
                }))
                .containsExactly("3 inverse(couple(x)) = x");
        assertThat(failures(new Solution() {
                    @Override
                    public double bitsOfPixel(double logDensity, double v, double alpha) {
                        return super.bitsOfPixel(logDensity, v, alpha) + Math.log(1 - 2 * alpha) / Math.log(2);
                    }
                }))
                .containsExactly("4 a pixel's 256 probabilities sum to 1");
        assertThat(failures(new Solution() {
                    @Override
                    public double logMeanExp(double... logWeights) {
                        return Math.log(Arrays.stream(logWeights)
                                .map(Math::exp)
                                .average()
                                .orElseThrow());
                    }
                }))
                .containsExactly("5 the same 1,000 nats up and down");
        assertThat(failures(new Solution() {
                    @Override
                    public double effectiveSampleSize(double... logWeights) {
                        return new double[0][0].length / logWeights[100];
                    }
                }))
                .containsExactly("5 effective sample size");
    }
}
