/**
 * Couplings: a split of an event, a network that reads one half, and a family of maps for the other.
 */
package org.likelihood4j.models.bijectors.coupling;
