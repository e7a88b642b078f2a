package org.likelihood4j.laboratory.lessons;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClaimTest {
    @Test
    void whatIsTruePasses() {
        assertThatCode(() -> {
                    Claim.equal("two", 2, 2 + 1e-9, 1e-8);
                    Claim.within("mean", 1.4, 0.1, 1);
                    Claim.atMost("bound", -3, -3);
                    Claim.holds("it", true);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsFalseFailsInALine() {
        assertThatThrownBy(() -> Claim.equal("two", 2, 2.1, 0.01))
                .isInstanceOf(AssertionError.class)
                .hasMessage("does not hold: two: 2.0000 = 2.1000, to 1e-02");
        assertThatThrownBy(() -> Claim.within("mean", 1.6, 0.1, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Claim.atMost("bound", -2, -3)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Claim.holds("it", false)).hasMessage("does not hold: it");
    }

    @Test
    void numbersThatAreNoneFailEveryClaim() {
        assertThatThrownBy(() -> Claim.equal("x", Double.NaN, 1, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Claim.within("x", 1, Double.NaN, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Claim.atMost("x", Double.NaN, 1)).isInstanceOf(AssertionError.class);
    }
}
