package org.likelihood4j.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TeamTest {
    /** However long parts and the pauses between runs take, so that members are met spinning, sleeping and falling asleep. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyPartRunsOnceAndIsDoneAtTheEnd(int size) {
        Team team = Team.of(size);
        Random random = new Random(size);
        for (int run = 0; run < 3000; run++) {
            int parts = 1 + random.nextInt(6);
            AtomicIntegerArray times = new AtomicIntegerArray(parts);
            int slow = random.nextInt(50) == 0 ? 200_000 : random.nextInt(2000);
            // Plain: what parts write must be visible to the caller.
            long[] results = new long[parts];
            team.run(
                    part -> {
                        times.incrementAndGet(part);
                        long sum = 0;
                        for (int i = 0; i < slow; i++) {
                            sum += i ^ part;
                        }
                        results[part] = sum + 1;
                    },
                    parts);
            for (int part = 0; part < parts; part++) {
                assertThat(times.get(part)).isEqualTo(1);
                assertThat(results[part]).isPositive();
            }
            if (random.nextInt(100) == 0) {
                pause(random.nextInt(3));
            }
        }
    }

    /**
     * A run with more parts than the one before, started while a member still looks for parts of that: it must not take its place
     * there for one in the new run.
     */
    @Test
    void partsOfARunAreNotTakenForThoseOfTheNext() {
        Team team = Team.of(2);
        for (int run = 0; run < 2_000_000; run++) {
            AtomicIntegerArray times = new AtomicIntegerArray(6);
            team.run(times::incrementAndGet, run % 2 == 0 ? 2 : 6);
            for (int part = 0; part < 6; part++) {
                assertThat(times.get(part)).isEqualTo(run % 2 == 0 && part >= 2 ? 0 : 1);
            }
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPartsFailureIsTheCallersAndTheTeamGoesOn() {
        Team team = Team.of(2);
        for (int bad = 0; bad < 2; bad++) {
            int failing = bad;
            assertThatThrownBy(() -> team.run(
                            part -> {
                                if (part == failing) {
                                    throw new IllegalStateException("part " + part);
                                }
                            },
                            2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("part " + failing);
            int[] done = new int[2];
            team.run(part -> done[part]++, 2);
            assertThat(done).containsExactly(1, 1);
        }
    }

    /** A thread that hangs in its first part holds up that run only for as long as it hangs, and then others work without it. */
    @Test
    void theCallerDoesAloneWhatAMemberIsLongAbout() {
        Team team = Team.of(2);
        Thread caller = Thread.currentThread();
        AtomicBoolean helped = new AtomicBoolean();
        // A member's first run waits until it has loaded the native library: for seconds, where this test is the first.
        while (!helped.get()) {
            team.run(
                    part -> {
                        if (Thread.currentThread() != caller) {
                            helped.set(true);
                            pause(50);
                        } else {
                            pause(1);
                        }
                    },
                    2);
        }
        boolean[] others = {false};
        for (int run = 0; run < 20; run++) {
            team.run(part -> others[0] |= Thread.currentThread() != caller, 2);
        }
        assertThat(others[0]).isFalse();
    }

    @Test
    void whoFindsTheTeamAtWorkWorksAlone() throws InterruptedException {
        Team team = Team.of(2);
        int[] sums = new int[4];
        Thread[] callers = new Thread[4];
        for (int i = 0; i < callers.length; i++) {
            int me = i;
            callers[i] = new Thread(() -> {
                for (int run = 0; run < 2000; run++) {
                    AtomicIntegerArray times = new AtomicIntegerArray(3);
                    team.run(times::incrementAndGet, 3);
                    sums[me] += times.get(0) + times.get(1) + times.get(2);
                }
            });
            callers[i].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(sums).containsExactly(6000, 6000, 6000, 6000);
    }
}
