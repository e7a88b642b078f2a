/** Trained models for other programs: weights, and what is computed of them. */
package org.likelihood4j.inference.export;
