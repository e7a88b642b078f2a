/** Pictures of what a trained model makes: grids and scatter plots, as files of its run. */
package org.likelihood4j.inference.pictures;
