/** Portable programs as files of the Open Neural Network Exchange. */
package org.likelihood4j.inference.export.onnx;
