package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JsonLeavesTest {
    private static final JsonNode TREE =
            json("{\"a\":1,\"b\":{\"c\":null,\"d\":{}},\"e\":[2,{\"name\":\"f\",\"g\":3}],\"h\":[]}");

    private static JsonNode json(String text) {
        return JsonFiles.LINE.readTree(text);
    }

    @Test
    void aListIsOneLeaf() {
        assertThat(JsonLeaves.of(TREE)).containsOnlyKeys("a", "b.c", "b.d", "e", "h");
        assertThat(JsonLeaves.of(TREE).get("e")).hasToString("[2,{\"name\":\"f\",\"g\":3}]");
    }

    @Test
    void elementsAreFoundByTheirIndexOrName() {
        assertThat(JsonLeaves.withElements(TREE)).containsOnlyKeys("a", "b.c", "b.d", "e.0", "e.f.g", "h");
    }

    @Test
    void anObjectInThePlaceOfNoneIsOneDifference() {
        JsonNode other = json("{\"a\":2,\"b\":null,\"e\":[2,{\"name\":\"f\",\"g\":3}],\"h\":[],\"i\":0}");
        assertThat(JsonLeaves.differences(TREE, other)).containsExactly("a", "b", "i");
        assertThat(JsonLeaves.differences(TREE, TREE.deepCopy())).isEmpty();
    }

    @Test
    void aTextIsWrittenAsItIs() {
        assertThat(JsonLeaves.text(json("\"a b\""))).isEqualTo("a b");
        assertThat(JsonLeaves.text(json("[1,\"a\"]"))).isEqualTo("[1,\"a\"]");
    }
}
