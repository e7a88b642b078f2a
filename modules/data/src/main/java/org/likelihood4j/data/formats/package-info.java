/** Arrays of numbers in files: IDX and NPY, gzipped or not. */
package org.likelihood4j.data.formats;
