/** The commands that say how likely data are: means of them, each one with its alarm, and what tells other data from a run's. */
package org.likelihood4j.cli.scores;
