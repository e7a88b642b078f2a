/**
 * Distributions of the data given the latent, which decoders parametrise.
 */
package org.likelihood4j.models.vae.likelihood;
