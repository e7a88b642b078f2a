/**
 * Comparisons of trainings: variations of one configuration, several seeds each, and a table of what differs by
 * more than chance.
 */
package org.likelihood4j.laboratory.compare;
