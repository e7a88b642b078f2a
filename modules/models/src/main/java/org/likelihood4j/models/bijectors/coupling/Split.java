package org.likelihood4j.models.bijectors.coupling;

import org.likelihood4j.models.EventShape;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * How a coupling splits an event into the transformed half x1 and the conditioning half x2, and how
 * its conditioner sees x2 and tells what becomes of x1.
 */
public sealed interface Split permits ChannelSplit, CheckerboardSplit, ColumnSplit {
    /**
     * The halves.
     *
     * @param transformed x1 {@code [N, D1]}
     * @param conditioning x2 {@code [N, D2]}
     */
    record Halves(SDVariable transformed, SDVariable conditioning) {}

    /** What is split, of D numbers. */
    EventShape shape();

    /** Of x1. */
    EventShape transformed();

    /** Of x2. */
    EventShape conditioning();

    Halves split(SDVariable x);

    /** The inverse of the split: {@code [N, D]}. */
    SDVariable join(SDVariable x1, SDVariable x2);

    /** What a conditioner takes. */
    EventShape conditionerInput();

    /**
     * What a conditioner puts out.
     *
     * @param parametersPerColumn of each column of x1
     */
    EventShape conditionerOutput(int parametersPerColumn);

    /** What a conditioner is shown: x2 alone; of x1 no more than how large it is. */
    SDVariable seen(Halves halves);

    /**
     * From what a conditioner puts out to the parameters of x1's columns {@code [N,
     * parametersPerColumn * D1]}: the first parameter of all of them, then the second, and so on.
     */
    SDVariable parameters(SDVariable output, int parametersPerColumn);
}
