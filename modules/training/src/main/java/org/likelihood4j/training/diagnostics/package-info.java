/** What a training watches: validation, the two KLs and their gradients, latent dimensions, the parts of a model. */
package org.likelihood4j.training.diagnostics;
