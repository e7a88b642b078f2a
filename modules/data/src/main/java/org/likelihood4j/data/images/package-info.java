/**
 * Image files: which kind a file is by what it holds, its orientation, its pixels at the size asked for; damage
 * is told by name.
 */
package org.likelihood4j.data.images;
