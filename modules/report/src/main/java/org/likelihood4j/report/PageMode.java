package org.likelihood4j.report;

/** How a {@link ReportPage} comes by what it shows. */
public enum PageMode {
    /** All is in the page, pictures too. */
    STATIC,
    /** The page asks its server for {@code data.json} again and again, and for pictures. */
    LIVE
}
