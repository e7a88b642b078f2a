/** Protocol buffers, as few of them as are written here. */
package org.likelihood4j.io.protobuf;
