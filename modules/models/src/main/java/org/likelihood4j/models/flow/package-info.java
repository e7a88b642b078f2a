/**
 * The flow: a model with an exact density, over images of integer pixels or rows of real numbers.
 */
package org.likelihood4j.models.flow;
