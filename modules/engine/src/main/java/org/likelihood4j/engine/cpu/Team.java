package org.likelihood4j.engine.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads that share the parts of a kernel: the caller, and daemons that wait between kernels.
 *
 * <p>Parts are taken one by one, by whoever is free. A member that sleeps, or whose core is busy elsewhere, takes none, and the
 * caller does them all: it never waits for a thread that has not begun, so that two threads on a busy machine are no slower
 * than one. Which thread does a part changes nothing in its result.
 *
 * <p>If a thread that has begun a part is long about it, something else runs on its core, and the caller waits. The team keeps
 * account of what sharing wins and loses; when it has lost, the caller works alone for many times as long as was lost, the longer
 * the more often it happens. So what a busy second core can cost is bounded by a few percent of the time.
 *
 * <p>Whoever waits spins first, because the next kernel is near, and sleeps then, because its core may be wanted. A run allocates
 * nothing. There is one team for all programs; a program that finds it at work does all parts itself.
 */
final class Team {
    /** How long a member spins: longer than a step's kernels for one thread, and what lies between two steps, usually take. */
    private static final long PATIENCE_NANOS = 300_000;

    /** Spins between two looks at the clock. */
    private static final int SPINS = 256;

    /** The most that is put down as won, so that a busy core is noticed soon, but not after a single delay. */
    private static final long MOST_CREDIT_NANOS = 10_000_000;

    /** From what loss on the caller works alone. */
    private static final long MOST_DEBT_NANOS = 2_000_000;

    /** How many times as long as was lost the caller works alone, at first and after many losses. */
    private static final int FIRST_PENALTY = 10;

    private static final int LAST_PENALTY = 160;

    private static final long LONGEST_ALONE_NANOS = 1_000_000_000;

    /** For processes that others start: once one runs, its environment cannot be set. */
    private static final String THREADS = "likelihood4j.threads";

    /** What a ticket has room for. */
    private static final int MOST_PARTS = (1 << Short.SIZE) - 1;

    /** What is shared. */
    @FunctionalInterface
    interface Task {
        void run(int part);
    }

    private final Member[] members;
    private final ReentrantLock busy = new ReentrantLock();
    /**
     * The number of the run (upper half), how many parts it has, and the next of them (16 bits each): whoever raises it has that
     * part of that run. All three in one, so that nobody takes an old run's part for one of a new run that has more.
     */
    private final AtomicLong ticket = new AtomicLong();

    private final AtomicInteger done = new AtomicInteger();
    private volatile Task task;
    private volatile Thread waiting;
    private volatile Throwable failure;
    /** Nanoseconds that sharing has won, less those that it has lost. */
    private long credit;

    private int penalty = FIRST_PENALTY;
    /** By {@link System#nanoTime}, where the last runs have lost; meaningless where {@link #resting} is not set. */
    private long aloneUntil;

    private boolean resting;

    private Team(int size) {
        if (size > 1) {
            // Else each member would find that out by itself, and end unheard.
            Native.require();
        }
        members = new Member[size - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].start();
        }
    }

    /** As many threads as OMP_NUM_THREADS says, or else the property {@value #THREADS}, or as there are processors. */
    static Team shared() {
        return Shared.TEAM;
    }

    /** Of this many threads, the caller's among them, which never end. */
    static Team of(int size) {
        return new Team(size);
    }

    /** Made when it is first wanted. */
    private static final class Shared {
        static final Team TEAM = of(size());

        private static int size() {
            String set = System.getenv("OMP_NUM_THREADS");
            String threads = set == null ? System.getProperty(THREADS) : set;
            return threads != null && threads.matches("[1-9][0-9]{0,3}")
                    ? Integer.parseInt(threads)
                    : Runtime.getRuntime().availableProcessors();
        }
    }

    int size() {
        return members.length + 1;
    }

    /** Runs the task once for each part. */
    void run(Task shared, int count) {
        if (members.length == 0 || count == 1 || count > MOST_PARTS || !busy.tryLock()) {
            alone(shared, count);
            return;
        }
        try {
            if (resting && System.nanoTime() - aloneUntil < 0) {
                alone(shared, count);
            } else {
                resting = false;
                together(shared, count);
            }
        } finally {
            busy.unlock();
        }
    }

    private static void alone(Task task, int count) {
        for (int part = 0; part < count; part++) {
            task.run(part);
        }
    }

    private void together(Task shared, int count) {
        // The ticket last: whoever takes a part of it has read the task after this.
        task = shared;
        done.set(0);
        int turn = turn(ticket.get()) + 1;
        ticket.set((long) turn << Integer.SIZE | (long) count << Short.SIZE);
        for (int i = 0; i < members.length && i < count - 1; i++) {
            members[i].wake();
        }
        long begun = System.nanoTime();
        int own = takeParts(turn);
        long finished = System.nanoTime();
        await(count);
        if (own > 0) {
            long alone = (finished - begun) * count / own;
            learn(alone, System.nanoTime() - begun);
        }
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }

    private void await(int count) {
        if (done.get() < count) {
            waiting = Thread.currentThread();
            for (int spins = 0; done.get() < count; spins++) {
                if (spins < 64 * SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            waiting = null;
        }
    }

    /** From the nanoseconds that a run would have taken alone, and did take. */
    private void learn(long alone, long taken) {
        credit = Math.min(credit + alone - taken, MOST_CREDIT_NANOS);
        if (credit < -MOST_DEBT_NANOS) {
            aloneUntil = System.nanoTime() + Math.min(-credit * penalty, LONGEST_ALONE_NANOS);
            resting = true;
            penalty = Math.min(2 * penalty, LAST_PENALTY);
            credit = 0;
        } else if (credit == MOST_CREDIT_NANOS) {
            penalty = FIRST_PENALTY;
        }
    }

    private static int turn(long ticket) {
        return (int) (ticket >>> Integer.SIZE);
    }

    /** Does parts of a run for as long as there are any, and says how many. */
    private int takeParts(int turn) {
        int taken = 0;
        while (true) {
            long current = ticket.get();
            // If the ticket is still the same below, its run has not ended, and this is that run's.
            Task shared = task;
            int part = (int) current & MOST_PARTS;
            int parts = (int) current >>> Short.SIZE;
            if (turn(current) != turn || part == parts) {
                return taken;
            }
            if (ticket.compareAndSet(current, current + 1)) {
                try {
                    shared.run(part);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                taken++;
                done.incrementAndGet();
                LockSupport.unpark(waiting);
            }
        }
    }

    private final class Member extends Thread {
        private volatile boolean asleep;

        Member(int number) {
            super("kernels-" + number);
            setDaemon(true);
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            Native.computeWithOneThread();
            int seen = 0;
            while (true) {
                seen = next(seen);
                takeParts(seen);
            }
        }

        /** Waits for a run after that one. */
        private int next(int seen) {
            long sleepAt = System.nanoTime() + PATIENCE_NANOS;
            while (true) {
                for (int spins = 0; spins < SPINS; spins++) {
                    int turn = turn(ticket.get());
                    if (turn != seen) {
                        return turn;
                    }
                    Thread.onSpinWait();
                }
                if (System.nanoTime() > sleepAt) {
                    // Said before the last look, so that whoever starts a run after it sees that it must wake.
                    asleep = true;
                    if (turn(ticket.get()) == seen) {
                        LockSupport.park(Team.this);
                    }
                    asleep = false;
                }
            }
        }
    }
}
