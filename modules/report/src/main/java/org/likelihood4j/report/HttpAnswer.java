package org.likelihood4j.report;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link LiveServer} answers. Each may be used by a page of the same address only, and as what it is. */
final class HttpAnswer {
    /** For what is no page: should a browser show it as one, that one may do nothing. */
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    private final int status;
    private final Content content;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private HttpAnswer(int status, Content content, String type, String policy, String caching) {
        this.status = status;
        this.content = content;
        headers.put("Content-Type", type);
        headers.put("Content-Security-Policy", policy);
        headers.put("Cache-Control", caching);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Referrer-Policy", "no-referrer");
    }

    /** The page says itself what it may load; only a header can say who may frame it. */
    static HttpAnswer page(Content page) {
        return new HttpAnswer(200, page, "text/html; charset=utf-8", "frame-ancestors 'none'", "no-store").tagged();
    }

    static HttpAnswer data(Content data) {
        return new HttpAnswer(200, data, "application/json", NOTHING, "no-store").tagged();
    }

    /**
     * @param versioned whether the address has a version, which another picture of that name would not have: such a one need
     *     never be asked for again, and is still there when the server has ended
     */
    static HttpAnswer picture(Content picture, boolean versioned) {
        String caching = versioned ? "private, max-age=86400, immutable" : "no-store";
        return new HttpAnswer(200, picture, "image/png", NOTHING, caching).tagged();
    }

    /** One line, for a person. */
    static HttpAnswer text(int status, String line) {
        return new HttpAnswer(status, Content.of(line + "\n"), "text/plain; charset=utf-8", NOTHING, "no-store");
    }

    private HttpAnswer tagged() {
        return with("ETag", content.tag());
    }

    HttpAnswer with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    void send(HttpExchange exchange) throws IOException {
        Headers out = exchange.getResponseHeaders();
        headers.forEach(out::set);
        boolean known = status == 200 && isKnown(exchange.getRequestHeaders().getFirst("If-None-Match"));
        if (known) {
            exchange.sendResponseHeaders(304, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            out.set("Content-Length", Integer.toString(content.bytes().length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, content.bytes().length);
            exchange.getResponseBody().write(content.bytes());
        }
    }

    /** Whether one of the tags that a browser names is ours. */
    private boolean isKnown(String tags) {
        return tags != null
                && Arrays.stream(tags.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag ->
                                tag.equals("*") || tag.replaceFirst("^W/", "").equals(content.tag()));
    }
}
