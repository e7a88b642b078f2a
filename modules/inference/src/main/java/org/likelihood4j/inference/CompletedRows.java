package org.likelihood4j.inference;

import java.util.List;

/**
 * Rows whose missing cells were filled, in the order of the data.
 *
 * @param rows of each row that has missing cells one or more fillings, as they are stored; of all others none
 * @param incomplete how many rows have missing cells
 * @param fewDraws of how many of these one of the draws of the latent has most of the weight, so that more draws are needed
 */
public record CompletedRows(List<List<double[]>> rows, int incomplete, int fewDraws) {
    /** Makes the list unmodifiable. */
    public CompletedRows {
        rows = List.copyOf(rows);
    }
}
