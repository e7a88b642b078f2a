package org.likelihood4j.report;

import java.io.IOException;

/** What a {@link LiveServer} serves. Called by several threads. */
public interface LiveSource {
    /** The page, in HTML; it asks for the rest. */
    Content page() throws IOException;

    /** What the page shows now, as JSON; the same object again for as long as nothing has changed. */
    Content data() throws IOException;

    /**
     * A picture in PNG.
     *
     * @param name as the data name it, such as {@code samples/epoch-0005.png}; a stranger's text, to be looked up and never to be
     *     made a path
     * @return {@code null} if the data name no such picture, or it is no longer there
     */
    Content picture(String name) throws IOException;
}
