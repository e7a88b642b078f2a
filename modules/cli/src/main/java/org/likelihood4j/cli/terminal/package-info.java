/** Standard output, standard error and the log; failures made into one line and an exit code. */
package org.likelihood4j.cli.terminal;
