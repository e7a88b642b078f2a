/**
 * Published figures, how each is reproduced here, and what came of it: a registry that lies beside the configurations, and the stored results.
 */
package org.likelihood4j.laboratory.published;
