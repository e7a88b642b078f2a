/** Paths and directions in the latent space of a trained model. */
package org.likelihood4j.inference.latents;
