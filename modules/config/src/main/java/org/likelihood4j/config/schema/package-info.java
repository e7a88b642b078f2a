/** The JSON Schema of configurations and configurations to start from, both made from the records themselves. */
package org.likelihood4j.config.schema;
