/** Pictures of results: grids of images, points in the plane, the PNG writer of both. */
package org.likelihood4j.data.drawing;
