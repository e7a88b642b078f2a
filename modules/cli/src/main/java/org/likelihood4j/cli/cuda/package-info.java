/** The check that an NVIDIA GPU can run what was built. */
package org.likelihood4j.cli.cuda;
