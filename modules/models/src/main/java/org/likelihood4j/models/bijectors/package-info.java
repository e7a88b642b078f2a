/**
 * Invertible maps with their log-determinants, of which flows are chains.
 */
package org.likelihood4j.models.bijectors;
