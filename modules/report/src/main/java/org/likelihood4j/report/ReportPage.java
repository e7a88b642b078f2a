package org.likelihood4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The report as one web page that needs nothing but itself.
 *
 * <p>What runs say goes into the page as JSON only, in which no character can end the element that holds it, and from there by
 * the page's own script as text, never as markup. A content security policy lets no other script or style run and nothing be
 * fetched; a live page may ask its own server.
 */
public final class ReportPage {
    /** How a page of ours begins, by which it is known again. */
    static final String SIGNATURE = "<!doctype html>\n<!-- Likelihood4J report -->\n";

    private static final String WEBJAR = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final List<String> SCRIPTS = List.of(
            "base.js",
            "zoom.js",
            "drawing.js",
            "chart.js",
            "sections.js",
            "gap.js",
            "plane.js",
            "latents.js",
            "layers.js",
            "heat.js",
            "pictures.js",
            "tables.js",
            "page.js",
            "live.js");

    private ReportPage() {}

    /** The page, HTML in UTF-8. */
    public static String render(ReportData data, PageMode mode) {
        String uplot = uplot();
        String style = resource(uplot + "dist/uPlot.min.css") + resource("report.css");
        List<String> scripts = SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.toList());
        scripts.add(0, "/*\n" + resource(uplot + "LICENSE") + "*/\n" + resource(uplot + "dist/uPlot.iife.min.js"));
        String policy = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:"
                + (mode == PageMode.LIVE ? " 'self'; connect-src 'self'" : "")
                + "; style-src " + hash(style)
                + "; script-src " + scripts.stream().map(ReportPage::hash).collect(Collectors.joining(" "));
        String code = scripts.stream()
                .map(script -> "<script>" + script + "</script>")
                .collect(Collectors.joining("\n"));
        // In this order: nothing is looked for in what has been put in.
        String[] parts = (SIGNATURE + resource("report.html")).split("\\{\\{[a-z]+}}", -1);
        return parts[0]
                + policy
                + parts[1]
                + style
                + parts[2]
                + (mode == PageMode.LIVE ? "live" : "static")
                + parts[3]
                + embedded(ReportJson.write(data, mode))
                + parts[4]
                + code
                + parts[5];
    }

    /** Whether a file's beginning is that of a page of ours. */
    public static boolean isPage(Path file) throws IOException {
        byte[] signature = SIGNATURE.getBytes(StandardCharsets.UTF_8);
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(signature.length), signature);
        }
    }

    /** JSON that can stand within a {@code script} element: these characters are only in its strings, where escapes are the same. */
    static String embedded(String json) {
        StringBuilder safe = new StringBuilder(json.length() + 1024);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            switch (c) {
                case '<', '>', '&', '\u2028', '\u2029' -> safe.append(String.format("\\u%04x", (int) c));
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    /** The chart library's folder in its jar, which has its version in its name. */
    private static String uplot() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(resource(WEBJAR)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/uplot/" + properties.getProperty("version") + "/";
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
