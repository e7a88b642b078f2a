/** The reference engine: SameDiff's own session and ND4J's own operations, the oracle of all that is faster. Internal to the engine. */
package org.likelihood4j.engine.reference;
