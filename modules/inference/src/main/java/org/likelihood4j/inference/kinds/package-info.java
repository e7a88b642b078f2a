/**
 * Kinds of models: from a config's section to the model, and to what an export says of it. A kind from elsewhere is a {@link
 * org.likelihood4j.inference.kinds.ModelFactory} of its own.
 */
package org.likelihood4j.inference.kinds;
