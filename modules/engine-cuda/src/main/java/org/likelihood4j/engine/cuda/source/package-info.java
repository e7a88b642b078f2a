/**
 * Plans as CUDA text: one kernel for each distinct one, which NVRTC compiles for a card and, in tests without one, g++ for a CPU.
 *
 * <p><b>The same bits always.</b> What is summed, is summed in an order that depends on sizes alone: by a thread, then a warp, a
 * block, and where several blocks meet, by the one that comes last, from what each has left in its own place. No float is ever
 * added to atomically; only who is last is counted.
 *
 * <p><b>Convolutions are our own</b> and not cuDNN's, which most machines do not have (it is no part of the toolkit, and larger than
 * all else together), which picks its algorithms by heuristics of each version, some of which sum in no fixed order, and which
 * no test without a card can run. Models here convolve maps of 2 to 64 channels, which are bound by memory rather than arithmetic.
 *
 * <p><b>Texts can be checked on a CPU.</b> Every access goes through a macro that says how many elements there are: {@code LD(p, i, n)}
 * is {@code p[i]} on a card, and a checked access in a test.
 */
package org.likelihood4j.engine.cuda.source;
