/**
 * YAML documents made into configurations and back: {@link org.likelihood4j.config.yaml.ConfigLoader}, with the
 * place of every value.
 */
package org.likelihood4j.config.yaml;
