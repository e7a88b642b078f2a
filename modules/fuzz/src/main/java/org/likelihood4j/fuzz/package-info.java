/** Coverage-guided fuzzing, with Jazzer, of everything that reads what a stranger may have made. */
package org.likelihood4j.fuzz;
