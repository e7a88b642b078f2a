/** Where a trained model's latents lie: the aggregate posterior beside the prior, and a flow of the plane layer by layer. */
package org.likelihood4j.laboratory.latents;
