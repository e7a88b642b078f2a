/** Where the nats go: what a trained VAE's ELBO lacks of log p(x), split into what its posteriors and what its encoder cost. */
package org.likelihood4j.laboratory.gap;
