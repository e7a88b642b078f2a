/** The signal and the noise of a loss's gradients, by the number of draws and by the estimator. */
package org.likelihood4j.laboratory.signal;
