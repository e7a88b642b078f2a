package org.likelihood4j.score.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void valuesAreWhatTheTextSays() {
        Json json = Json.parse(
                "f",
                "{\"a\": [1, -2.5e3, 0], \"b\": \"x\\\"\\u00e9\\n\", \"c\": true, \"d\": null, \"e\": {}, \"s\": 9223372036854775807, \"n\": \"NaN\"}");
        assertThat(json.get("a").numbers()).containsExactly(1, -2500, 0);
        assertThat(json.get("b").text()).isEqualTo("x\"\u00e9\n");
        assertThat(json.get("c").truth()).isTrue();
        assertThat(json.has("d")).isFalse();
        assertThat(json.get("e").entries()).isEmpty();
        assertThat(json.get("s").whole()).isEqualTo(Long.MAX_VALUE);
        assertThat(json.get("n").number()).isNaN();
        assertThat(json.get("a").list().get(0).integer(0, 5)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\" 1}",
                "{\"a\": 1, \"a\": 2}",
                "01",
                "+1",
                "1e999",
                "nul",
                "\"\u0001\"",
                "\"\\x\"",
                "\"\\u12\"",
                "[1] 2",
                "{1: 2}",
                "\"",
                "[",
                "-",
                "."
            })
    void whatIsNoJsonIsRefusedInALine(String text) {
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Json.parse("model.json", text))
                .withMessageMatching("model.json, line 1: no JSON: [^\n]+");
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Json.parse("f", "[".repeat(100_000)))
                .withMessage("f, line 1: no JSON: nested too deeply");
    }

    @Test
    void aWrongKindOfValueIsNamedByItsPlace() {
        Json json = Json.parse("f", "{\"a\": [{\"b\": 1.5}]}");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> json.get("a").list().get(0).get("b").integer(0, 9))
                .withMessage("f, 'a'[0], 'b': expected a whole number from 0 to 9, was 1.5");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> json.get("c"))
                .withMessage("f: has no 'c'");
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> json.get("a").text())
                .withMessage("f, 'a': expected a text, was a list");
    }
}
