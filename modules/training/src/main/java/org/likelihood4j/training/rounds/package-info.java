/**
 * Optimiser steps of which every part is a pure function of what came before, so that other machines may take them: {@link
 * org.likelihood4j.training.rounds.ShardWorker} there, {@link org.likelihood4j.training.rounds.RoundCarrier} between. The other classes
 * are internal to training.
 */
package org.likelihood4j.training.rounds;
