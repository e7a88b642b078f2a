/**
 * The Gaussian VAE: its objectives, its priors, and what it reports.
 */
package org.likelihood4j.models.vae;
