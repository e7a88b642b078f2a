package org.likelihood4j.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.likelihood4j.cli.Captured;

class ProgressViewTest {

    @Test
    void plainLinesComeAtMostOncePerInterval() {
        Captured captured = new Captured(false);
        AtomicLong now = new AtomicLong();
        try (var view = new PlainProgress(captured.console().out(), Duration.ofSeconds(5), now::get, () -> {})) {
            view.start("epoch 1/2", 200);
            for (int step = 1; step <= 200; step++) {
                now.addAndGet(Duration.ofMillis(100).toNanos());
                view.update(step, "loss 1.5");
            }
            view.message("epoch 1 done");
        }
        assertThat(captured.outLines())
                .containsExactly(
                        "epoch 1/2  50/200 (25%), 10.0/s, 0:15 left, loss 1.5",
                        "epoch 1/2  100/200 (50%), 10.0/s, 0:10 left, loss 1.5",
                        "epoch 1/2  150/200 (75%), 10.0/s, 0:05 left, loss 1.5",
                        "epoch 1/2  200/200 (100%), 10.0/s, loss 1.5",
                        "epoch 1 done");
    }

    @Test
    void whatIsLeftIsToldByTheRateOfLate() {
        Captured captured = new Captured(false);
        AtomicLong now = new AtomicLong();
        try (var view = new PlainProgress(captured.console().out(), Duration.ofSeconds(100), now::get, () -> {})) {
            view.start("steps", 2500);
            // 10 a second for 200 seconds, then 1 a second.
            for (int second = 1; second <= 300; second++) {
                now.addAndGet(Duration.ofSeconds(1).toNanos());
                view.update(second <= 200 ? 10L * second : 1800 + second, "");
            }
        }
        assertThat(captured.outLines())
                .containsExactly(
                        "steps  1000/2500 (40%), 10.0/s, 2:30 left",
                        "steps  2000/2500 (80%), 10.0/s, 0:50 left", "steps  2100/2500 (84%), 1.0/s, 6:40 left");
    }

    @Test
    void whatWasDoneBeforeTellsNothingOfTheRate() {
        Captured captured = new Captured(false);
        AtomicLong now = new AtomicLong();
        try (var view = new PlainProgress(captured.console().out(), Duration.ofSeconds(10), now::get, () -> {})) {
            view.start("steps", 1000, 1100);
            now.set(Duration.ofSeconds(10).toNanos());
            view.update(1020, "");
        }
        assertThat(captured.outLines()).containsExactly("steps  1020/1100 (92%), 2.0/s, 0:40 left");
    }

    @Test
    void plainLinesCopeWithAnUnknownTotal() {
        Captured captured = new Captured(false);
        AtomicLong now = new AtomicLong();
        try (var view = new PlainProgress(captured.console().out(), Duration.ZERO, now::get, () -> {})) {
            view.start("reading", 0);
            view.update(0, "");
            now.set(Duration.ofSeconds(2).toNanos());
            view.update(3, "");
        }
        assertThat(captured.outLines()).containsExactly("reading  0", "reading  3, 1.5/s");
    }

    @Test
    void theBarRedrawsInPlaceAndVanishes() {
        Captured captured = new Captured(true);
        AtomicLong now = new AtomicLong();
        var out = captured.console().out();
        try (var view = new TerminalProgress(out, 60, Duration.ofMillis(100), now::get, () -> {})) {
            view.start("epoch 1", 10);
            now.set(Duration.ofSeconds(1).toNanos());
            view.update(5, "loss 1.5");
            view.update(6, "too soon after the last");
            view.message("a message");
            now.set(Duration.ofSeconds(2).toNanos());
            view.update(10, "loss " + "9".repeat(100));
        }
        String half = "[==========          ] epoch 1  5/10 (50%), 5.0/s, 0:01 lef";
        assertThat(captured.out().split("[\r\n]"))
                .containsExactly(
                        "",
                        "[                    ] epoch 1  0/10 (0%)",
                        half,
                        " ".repeat(59),
                        "a message",
                        "",
                        half,
                        "[====================] epoch 1  10/10 (100%), 5.0/s, loss 9",
                        " ".repeat(59));
        assertThat(captured.out()).endsWith("\r");
    }

    @Test
    void aTerminalGetsABarAndTheConsolePrintsAboveIt() {
        Captured captured = new Captured(true);
        try (ProgressView view = captured.console().progress()) {
            assertThat(view).isInstanceOf(TerminalProgress.class);
            view.start("epoch 1", 10);
            captured.console().line("within");
        }
        captured.console().line("after");
        assertThat(captured.outLines().stream().filter(line -> line.matches("within|after")))
                .containsExactly("within", "after");
    }

    @Test
    void withoutATerminalTheViewIsPlainAndTheConsolePrintsAsBefore() {
        Captured captured = new Captured(false);
        try (ProgressView view = captured.console().progress()) {
            assertThat(view).isInstanceOf(PlainProgress.class);
            captured.console().line("within");
        }
        captured.console().line("after");
        assertThat(captured.outLines()).containsExactly("within", "after");
    }
}
