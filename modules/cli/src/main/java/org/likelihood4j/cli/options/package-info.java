/** Options that several commands have. */
package org.likelihood4j.cli.options;
