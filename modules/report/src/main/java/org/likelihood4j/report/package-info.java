/**
 * The report of a run: what its folder says, as values ({@link org.likelihood4j.report.ReportData}) and as one
 * web page ({@link org.likelihood4j.report.ReportPage}).
 */
package org.likelihood4j.report;
