/** The command line of what runs on a cluster. */
package org.likelihood4j.spark.commands;
