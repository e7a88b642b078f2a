/**
 * Trained models in use: {@link org.likelihood4j.inference.OpenedModel} opens a run and scores, samples, encodes
 * and reconstructs; the {@link org.likelihood4j.inference.Evaluator} estimates likelihoods on a split. Needs
 * neither trainer nor command line.
 */
package org.likelihood4j.inference;
