/** The metrics of a run: {@code metrics.jsonl} appended, read and made into tables. */
package org.likelihood4j.runs.metrics;
