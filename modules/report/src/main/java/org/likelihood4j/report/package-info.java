/** The report: what run folders say, as values ({@code ReportData}) and as one web page ({@code ReportPage}). */
package org.likelihood4j.cli.report;
