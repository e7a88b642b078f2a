/**
 * Audits of trained models, on real data and with a checkpoint's values: every check compares what the model computes
 * with something that does not share its code, and returns a {@link org.likelihood4j.laboratory.verify.Finding}.
 */
package org.likelihood4j.laboratory.audit;
