/**
 * log p(x) from both sides, by annealing, and the best Gaussian posterior, of anything that tells {@code log p(x|z)}, {@code log p(z)} and their
 * slopes ({@link org.likelihood4j.laboratory.evidence.JointDensity}): no model and no engine is known here.
 */
package org.likelihood4j.laboratory.evidence;
