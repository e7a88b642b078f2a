/** Vector instructions by the incubating Vector API, which this package alone uses, and which is used by name where it is there. */
package org.likelihood4j.engine.cpu.vector;
