/**
 * Arithmetic on tiles of memory, in plain loops; {@code engine.cpu.vector} has it by the Vector API, where the processor has that.
 *
 * <p>{@link org.likelihood4j.engine.cpu.arithmetic.Arithmetic} chooses. Internal to the engine.
 */
package org.likelihood4j.engine.cpu.arithmetic;
