/** oneDNN's primitives as objects that own what they need. Internal to the CPU's kernels. */
package org.likelihood4j.engine.cpu.onednn;
