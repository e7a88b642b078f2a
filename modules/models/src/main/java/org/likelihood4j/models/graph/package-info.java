/**
 * Builders of graphs: what a function declares, and the operations that SameDiff gets wrong, each in a
 * stable form.
 */
package org.likelihood4j.models.graph;
