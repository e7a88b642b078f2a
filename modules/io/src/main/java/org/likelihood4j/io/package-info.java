/**
 * Files that survive crashes and strangers: written so that a crash leaves the old content or the new one, read
 * with limits and plain refusals.
 */
package org.likelihood4j.io;
