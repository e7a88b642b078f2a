/**
 * Rules of single values: what a key may be, told while it is checked, so that the JSON Schema says the same;
 * every problem becomes one line in a {@link org.likelihood4j.config.rules.ConfigException}.
 */
package org.likelihood4j.config.rules;
