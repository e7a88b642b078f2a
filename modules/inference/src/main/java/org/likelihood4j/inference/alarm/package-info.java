/** From likelihoods to a decision: scores of examples, their calibration on held-out ones, and what made an example unlikely. */
package org.likelihood4j.inference.alarm;
