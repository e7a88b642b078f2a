/** What the lessons in {@code notebooks/} draw and check with: figures, claims, rows of numbers. */
package org.likelihood4j.laboratory.lessons;
