/** A command line for whoever has an export and Java, and nothing else. */
package org.likelihood4j.score.command;
