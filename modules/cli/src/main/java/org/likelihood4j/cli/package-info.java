/**
 * The command line: what {@code ./run.sh} starts.
 *
 * <p>{@link org.likelihood4j.cli.Main} lists the commands. Standard output belongs to {@link org.likelihood4j.cli.terminal.Console}
 * alone: what libraries print there goes to the log instead.
 */
package org.likelihood4j.cli;
