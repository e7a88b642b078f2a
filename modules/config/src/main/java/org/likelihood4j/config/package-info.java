/**
 * The configuration of a run: immutable records bound from one YAML file, with every value checked before anything
 * else starts. {@link org.likelihood4j.training.config.ConfigLoader} reads and writes it,
 * {@link org.likelihood4j.training.config.RunConfig} is its root, and every problem becomes one line in a
 * {@link org.likelihood4j.training.config.ConfigException}.
 */
package org.likelihood4j.training.config;
