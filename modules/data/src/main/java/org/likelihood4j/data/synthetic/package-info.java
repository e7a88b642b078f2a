/** Sets that are made up here and need no download: painted digits, and points whose density is known. */
package org.likelihood4j.data.synthetic;
