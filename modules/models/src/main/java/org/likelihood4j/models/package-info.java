/**
 * What is trained: densities, bijectors, the Gaussian VAE and RealNVP, as SameDiff graphs.
 *
 * <p>Conventions: tensors are {@code [N, D]}; log quantities are {@code [N]}, in nats; {@code
 * forward} is data to latent, {@code inverse} is latent to data. A model declares its noise and
 * never draws it, owns the layout of its parameters and never their values, and knows neither files
 * nor loops.
 */
package org.likelihood4j.models;
