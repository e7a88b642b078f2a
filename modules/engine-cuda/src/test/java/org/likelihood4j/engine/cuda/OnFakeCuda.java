package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests on {@link FakeCuda}: skips them where it cannot be, and sees that each gives back all that it makes there. */
public final class OnFakeCuda implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** What is there before a test is the whole class's, until its end. */
    private boolean shared;

    @Override
    public void beforeAll(ExtensionContext context) {
        FakeCuda.require();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        shared = !FakeCuda.live().isEmpty();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!shared) {
            requireNothing(context);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        requireNothing(context);
    }

    private static void requireNothing(ExtensionContext context) {
        // What a failure leaves behind is no other one.
        if (context.getExecutionException().isEmpty()) {
            assertThat(FakeCuda.live()).as("what is left on the card").isEmpty();
        }
    }
}
