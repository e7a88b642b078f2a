/** A kind of model from elsewhere: what anybody writes who brings one, and every command on it. */
package org.likelihood4j.toymodel;
