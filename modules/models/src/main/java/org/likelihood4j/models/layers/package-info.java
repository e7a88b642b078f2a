/**
 * Networks and their parts, which couplings and VAEs ask for by a {@link
 * org.likelihood4j.models.layers.LayerFactory}.
 */
package org.likelihood4j.models.layers;
