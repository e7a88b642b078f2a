package org.likelihood4j.laboratory.verify;

/**
 * Where a formula comes about, and what computes it.
 *
 * @param section the heading of docs/derivations.md under which it is derived
 * @param type the class whose results are held against it
 */
public record Derivation(String section, Class<?> type) {}
