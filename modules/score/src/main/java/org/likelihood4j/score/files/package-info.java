/** The files of an export, read from bytes that may be anybody's: bounded in memory, refused in one line. */
package org.likelihood4j.score.files;
