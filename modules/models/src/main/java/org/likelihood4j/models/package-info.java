/**
 * The contract of a generative model: its functions as SameDiff graphs, the shapes of its events,
 * the layout of its parameters.
 *
 * <p>Conventions: N events are a matrix {@code [N, size]}; log quantities are {@code [N]}, in nats;
 * {@code forward} is data to latent, {@code inverse} is latent to data. A model declares its noise
 * and never draws it, owns the layout of its parameters and never their values, and knows neither
 * files nor loops.
 */
package org.likelihood4j.models;
