/** A device held against the processor: training steps of the same models, from the same values, inputs and noise. */
package org.likelihood4j.laboratory.device;
