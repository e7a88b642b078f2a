package org.likelihood4j.engine;

/**
 * What one step is fed with, where its inputs come from {@link InputSource}s.
 *
 * @param examples the number of each row's example
 * @param keys the key k of each {@link InputSource.Noise}, in their order
 * @param same the number of each {@link InputSource.Same}
 */
@SuppressWarnings("ArrayRecordComponent")
public record StepFeed(int[] examples, long[] keys, double same) {}
