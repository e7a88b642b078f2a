/** The commands that take a trained model apart. */
package org.likelihood4j.cli.laboratory;
