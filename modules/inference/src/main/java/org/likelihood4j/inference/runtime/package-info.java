/**
 * Internals where models, data, engine and configuration meet: models built from configurations, values,
 * compiled functions, noise. Only {@code inference}, {@code training} and {@code laboratory} use them.
 */
package org.likelihood4j.inference.runtime;
