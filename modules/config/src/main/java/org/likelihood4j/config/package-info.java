/**
 * The configuration of a run: immutable records bound from one YAML file, with every value checked before
 * anything else starts. {@link org.likelihood4j.config.RunConfig} is the root; nothing here knows a tensor
 * library.
 */
package org.likelihood4j.config;
