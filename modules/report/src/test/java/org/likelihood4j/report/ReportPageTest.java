package org.likelihood4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page's structure is its own, whatever a run says. */
class ReportPageTest {
    private static final String HOSTILE =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"&amp;<!-- \u2028\u2029]]>";

    @TempDir
    private Path folder;

    /** The tags, in order, as an HTML parser sees them: what is in script and style ends only with their own end tag. */
    private static List<String> tags(String page) {
        List<String> tags = new ArrayList<>();
        Matcher tag = Pattern.compile("<!--|<(/?[a-zA-Z!][^>]*)>").matcher(page);
        int at = 0;
        while (tag.find(at)) {
            at = tag.end();
            if (tag.group().equals("<!--")) {
                at = page.indexOf("-->", at) + 3;
                continue;
            }
            String name = tag.group(1).replaceFirst("\\s.*", "");
            tags.add(name);
            if (name.equals("script") || name.equals("style")) {
                at = page.toLowerCase(java.util.Locale.ROOT).indexOf("</" + name, at);
            }
        }
        return tags;
    }

    private static String data(String page) {
        Matcher data = Pattern.compile(
                        "<script type=\"application/json\" id=\"report-data\">(.*?)</script", Pattern.DOTALL)
                .matcher(page);
        assertThat(data.find()).isTrue();
        return data.group(1);
    }

    private static RunFolder hostile(Path path) throws IOException {
        String text = JsonMapper.builder().build().writeValueAsString(HOSTILE);
        RunFolder run = RunFolder.make(
                path,
                "{\"event\":\"start\",\"steps_per_epoch\":10,\"provenance\":{" + text + ":" + text + ",\"data\":" + text
                        + "}}",
                "{\"event\":\"step\",\"step\":1," + text + ":5,\"blocks\":[{\"name\":" + text
                        + ",\"gradient_norm\":1}]}",
                "{\"event\":\"epoch\",\"epoch\":1,\"training\":{\"loss\":1," + text + ":2},\"warnings\":[" + text
                        + "],\"gradients\":{\"loss\":{" + text + ":{\"mu\":{\"variance\":1}}}}}",
                "{\"event\":\"rollback\",\"step\":5,\"problem\":" + text + "}",
                "{\"event\":\"end\",\"reason\":" + text + "}");
        Files.writeString(
                run.path().resolve("config.yaml"),
                "name: " + text + "\n" + text + ": " + text + "\nmodel: {type: " + text + "}\n");
        return run;
    }

    @ParameterizedTest
    @EnumSource(PageMode.class)
    void noRunCanBringMarkupIn(PageMode mode) throws IOException {
        String calm = ReportPage.render(RunFolder.make(folder.resolve("calm")).data(), mode);
        RunFolder run = hostile(folder.resolve("<img src=x onerror=alert(3)>'\"&"));
        String page = ReportPage.render(run.data(), mode);
        assertThat(tags(page)).isEqualTo(tags(calm)).endsWith("script", "/script", "/body", "/html");
        assertThat(data(page)).doesNotContain("<", ">", "&", "\u2028", "\u2029");
        JsonNode read = RunFolder.json(data(page)).path("runs").get(0);
        assertThat(read.path("name").asString()).isEqualTo("<img src=x onerror=alert(3)>'\"&");
        assertThat(read.path("provenance").path("data").asString()).startsWith("</script><script>alert(1)");
        assertThat(read.path("config").path("name").asString()).isEqualTo(HOSTILE);
    }

    @ParameterizedTest
    @EnumSource(PageMode.class)
    void thePolicyAllowsThesesScriptsAndNoOthers(PageMode mode) throws Exception {
        String page = ReportPage.render(RunFolder.make(folder.resolve("a")).data(), mode);
        String policy =
                page.substring(page.indexOf("content=\"default-src") + 9, page.indexOf("\">\n<meta name=\"viewport"));
        Matcher scripts =
                Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
        int count = 0;
        while (scripts.find()) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(scripts.group(1).getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
            count++;
        }
        assertThat(count).isEqualTo(15);
        assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe");
        assertThat(policy.contains("connect-src 'self'")).isEqualTo(mode == PageMode.LIVE);
        assertThat(page).doesNotContain("{{").doesNotContain("src=\"http").doesNotContain("@import");
        assertThat(page).contains("Leon Sorokin", "Permission is hereby granted");
    }

    @Test
    void scriptsPutTextInAsTextOnly() throws IOException {
        String page = ReportPage.render(RunFolder.make(folder.resolve("a")).data(), PageMode.STATIC);
        String ours = page.substring(page.indexOf("window.likelihood4j = "));
        assertThat(ours).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void itIsKnownAgain() throws IOException {
        Path page = folder.resolve("page.html");
        Files.writeString(
                page, ReportPage.render(RunFolder.make(folder.resolve("a")).data(), PageMode.STATIC));
        assertThat(ReportPage.isPage(page)).isTrue();
        Files.writeString(page, "<!doctype html>\n<p>mine</p>");
        assertThat(ReportPage.isPage(page)).isFalse();
    }
}
