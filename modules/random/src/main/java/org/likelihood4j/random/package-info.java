/**
 * Random numbers that are functions of (seed, purpose, index, draw), so that nothing has to remember where it
 * was.
 */
package org.likelihood4j.random;
