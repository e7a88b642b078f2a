/** Sources of sets: arrays, tables, folders of images and MNIST, each split into training, validation and test. */
package org.likelihood4j.data.sources;
