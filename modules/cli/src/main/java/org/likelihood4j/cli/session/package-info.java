/** A training as several commands run it: with its progress, its report, and a look at the table before it. */
package org.likelihood4j.cli.session;
