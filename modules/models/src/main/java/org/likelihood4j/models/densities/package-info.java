/**
 * Distributions inside a graph: log-densities, draws, and the KLs that have a closed form.
 */
package org.likelihood4j.models.densities;
