/** Sections {@code data} of a configuration, a record a {@code type}: built-in sets, drawn ones, and files of the user's own. */
package org.likelihood4j.config.data;
