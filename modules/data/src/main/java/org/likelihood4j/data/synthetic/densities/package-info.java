/** Densities in closed form, which points are drawn from and models held against. */
package org.likelihood4j.data.synthetic.densities;
