/** Progress of long work, on a terminal, in a file, or not at all. */
package org.likelihood4j.cli.progress;
