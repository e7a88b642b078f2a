package org.likelihood4j.inference.export;

import java.util.List;
import org.likelihood4j.inference.kinds.ModelFormulas;

/**
 * How to compute with an exported model, with the small language of matrices that {@link ModelFormulas} are written in, so that people
 * can follow it and programs can run it (a test does).
 *
 * @param notation defines the language
 */
record FormulaText(
        List<String> notation, List<String> encode, List<String> decode, List<String> sample, List<String> logProb) {
    private static final List<String> NOTATION = List.of(
            "Every value is a matrix, most of them [N, columns], a row for each example. A number is [1, 1], a tensor of one"
                    + " dimension or a list of constants [1, n]. Where sizes differ, a row or column of one is repeated.",
            "Names with / are tensors of weights.safetensors; the other names that no line defines are under 'constants', or"
                    + " are what the list starts from. What follows # is a remark.",
            "label, where it is named, is what the model is told: 1 in the column of the example's class, 0 in the others.",
            "+ - * / (with blanks around it) work element by element, @ is the matrix product. a < b is 1 where it holds, else 0.",
            "x[:, a:b] are the columns from a to b - 1 (a is 0 and b the number of columns where they are left out); x[:, i] are"
                    + " the columns that the row i lists; x[k, :] is, for each example, the row of x that k has there. Places count from"
                    + " 0. argsort(i) is the inverse of an order. transpose(x) has x's columns as its rows.",
            "By element: exp, log, floor, tanh, relu = max(x, 0), elu = x for x > 0 and else exp(x) - 1, softplus = log(1 + exp(x)),"
                    + " sigmoid = 1 / (1 + exp(-x)), swish = x * sigmoid(x), identity = x, clip(x, least, most),"
                    + " logNormal(x, m, v) = -((x - m) * (x - m) / exp(v) + v + log(2 pi)) / 2, where v is a log-variance.",
            "Over columns: sum(x) and logSumExp(x) are [N, 1], cumsum(x) are the sums of the first 1, 2, ... columns, concat(a, b)"
                    + " puts b's columns after a's. logSumExp(k, K, f) is log of the sum over k = 0 ... K - 1 of exp(f), where f depends"
                    + " on k.",
            "The lines between a line 'repeat n' and the next line 'end' are computed n times.",
            "uniform(n) is new noise [N, n] from [0, 1), normal(n) from N(0, 1). temperature scales the noise of sample: 1 is the"
                    + " model itself.");

    static FormulaText of(ModelFormulas formulas) {
        return new FormulaText(NOTATION, formulas.encode(), formulas.decode(), formulas.sample(), formulas.logProb());
    }
}
