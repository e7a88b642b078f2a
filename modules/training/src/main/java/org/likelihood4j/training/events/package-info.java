/** What happens in a training, as those who follow it are told. */
package org.likelihood4j.training.events;
