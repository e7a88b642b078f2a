/**
 * The folder of a run: its state, checkpoints, evaluations and provenance, and what may change when a training
 * goes on. Everything later reads this folder and nothing else; nothing here knows a tensor library.
 */
package org.likelihood4j.runs;
