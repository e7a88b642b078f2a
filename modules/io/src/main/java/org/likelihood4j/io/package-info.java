/** Files and folders written so that a crash leaves the old content or the new one. */
package org.likelihood4j.data.io;
