/** What the functions of an export compute: read, checked, and given places in memory, ready to run. */
package org.likelihood4j.score.program;
