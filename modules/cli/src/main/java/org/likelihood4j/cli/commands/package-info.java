/** Commands, a class each, and what only they share. */
package org.likelihood4j.cli.commands;
