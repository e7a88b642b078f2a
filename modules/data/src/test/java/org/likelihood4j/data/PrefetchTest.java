package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PrefetchTest {
    @Test
    void givesAllItemsInOrder() {
        try (Prefetch<Long> prefetch = new Prefetch<>("order", 1000, 3, i -> i * i)) {
            List<Long> items = new ArrayList<>();
            while (prefetch.hasNext()) {
                items.add(prefetch.next());
            }
            assertThat(items).hasSize(1000).startsWith(0L, 1L, 4L).endsWith(999L * 999L);
            assertThatThrownBy(prefetch::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void runsAheadByItsDepthAndNoFurther() throws InterruptedException {
        AtomicLong made = new AtomicLong();
        try (Prefetch<Long> prefetch = new Prefetch<>("ahead", 100, 2, i -> made.incrementAndGet())) {
            Thread.sleep(100);
            assertThat(made.get()).isLessThanOrEqualTo(3); // two ready, one in hand
            assertThat(prefetch.next()).isEqualTo(1);
        }
        assertThat(made.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void rethrowsTheProducersExceptionAfterTheGoodItems() {
        DataException failure = new DataException("no");
        try (Prefetch<Long> prefetch = new Prefetch<>("fails", 10, 4, i -> {
            if (i == 2) {
                throw failure;
            }
            return i;
        })) {
            assertThat(prefetch.next()).isZero();
            assertThat(prefetch.next()).isEqualTo(1);
            assertThat(prefetch.hasNext()).isTrue();
            assertThatThrownBy(prefetch::next).isSameAs(failure);
            assertThatThrownBy(prefetch::next).isSameAs(failure);
        }
    }

    @Test
    void anErrorOrANullIsNotSwallowed() {
        try (Prefetch<Long> prefetch = new Prefetch<>("error", 1, 1, i -> {
            throw new AssertionError("deep");
        })) {
            assertThatThrownBy(prefetch::next).isInstanceOf(AssertionError.class);
        }
        try (Prefetch<Long> prefetch = new Prefetch<>("null", 1, 1, i -> null)) {
            assertThatThrownBy(prefetch::next).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void closesWhileTheProducerWaitsForRoomAndLeavesNoThread() {
        Prefetch<Long> prefetch = new Prefetch<>("full", Long.MAX_VALUE, 1, i -> i);
        prefetch.next();
        prefetch.close();
        prefetch.close();
        assertThat(prefetch.hasNext()).isFalse();
        assertThatThrownBy(prefetch::next).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("full"));
    }

    @Test
    void closesWhileTheProducerSleepsAndTheConsumerWaits() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Prefetch<Long> prefetch = new Prefetch<>("slow", 5, 1, i -> {
            started.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                // goes on regardless, as careless code does
            }
            return i;
        });
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread consumer = new Thread(() -> {
            try {
                prefetch.next();
            } catch (Throwable t) {
                seen.set(t);
            }
        });
        consumer.start();
        started.await();
        prefetch.close();
        consumer.join();
        assertThat(seen.get()).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("slow"));
    }

    @Test
    void anInterruptedConsumerStopsAndStaysInterrupted() {
        CountDownLatch never = new CountDownLatch(1);
        try (Prefetch<Long> prefetch = new Prefetch<>("interrupted", 5, 1, i -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return i;
        })) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(prefetch::next).isInstanceOf(CancellationException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
        assertThat(Thread.interrupted()).isTrue(); // close() kept it, and still joined
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new Prefetch<>("x", 1, 0, i -> i)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Prefetch<>("x", -1, 1, i -> i)).isInstanceOf(IllegalArgumentException.class);
    }
}
