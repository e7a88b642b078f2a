/** How many bits an image takes in codes that know no data. */
package org.likelihood4j.score.codes;
