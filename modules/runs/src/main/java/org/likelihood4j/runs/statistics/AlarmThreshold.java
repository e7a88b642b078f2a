package org.likelihood4j.runs.statistics;

/**
 * The k-th largest of n scores, above which there is an alarm. Of scores from one continuous density, whatever it is, the share of new
 * ones above it is Beta(k, n + 1 - k) over the draws of the n (David and Nagaraja, Order Statistics, 2003, 2.1): its mean is k/(n + 1), and its
 * quantiles are the ends of the binomial intervals of Clopper and Pearson (1934), the lower one of k hits in n, the upper one of k - 1. Of
 * tied scores no more than that share is above it.
 *
 * @param score an alarm is of a larger one
 * @param rank k
 * @param rate k/(n + 1), the expected share of false alarms
 * @param low end of the 95% interval of that share
 * @param high end of the 95% interval of that share
 */
public record AlarmThreshold(double score, int rank, double rate, double low, double high) {}
