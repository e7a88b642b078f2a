/** Trained models for other programs: weights, and the formulas in words. */
package org.likelihood4j.inference.export;
