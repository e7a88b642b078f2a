package org.likelihood4j.engine.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads that share the work of one kernel: the caller, and daemons that wait between kernels.
 *
 * <p>Whoever waits spins for a few microseconds first, because the next kernel is near, and sleeps then, because its core may be
 * wanted elsewhere. A run allocates nothing. There is one team for all programs; a program that finds it at work does all
 * members' shares itself.
 */
public final class Team {
    private static final int SPINS = 2000;

    /** What each member does. */
    @FunctionalInterface
    interface Task {
        void run(int member);
    }

    private final Member[] members;
    private final ReentrantLock busy = new ReentrantLock();
    private final AtomicInteger working = new AtomicInteger();
    private volatile Task task;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Thread caller;

    private Team(int size) {
        members = new Member[size - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].start();
        }
    }

    /** As many threads as OMP_NUM_THREADS says, or as there are processors. */
    public static Team shared() {
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
            String threads = System.getenv("OMP_NUM_THREADS");
            return threads != null && threads.matches("[1-9][0-9]{0,3}")
                    ? Integer.parseInt(threads)
                    : Runtime.getRuntime().availableProcessors();
        }
    }

    int size() {
        return members.length + 1;
    }

    /** Runs the task once for each member; the caller is member 0. */
    void run(Task shared) {
        if (members.length == 0 || !busy.tryLock()) {
            for (int member = 0; member < size(); member++) {
                shared.run(member);
            }
            return;
        }
        try {
            together(shared);
        } finally {
            busy.unlock();
        }
    }

    private void together(Task shared) {
        task = shared;
        caller = Thread.currentThread();
        working.set(members.length);
        turn.incrementAndGet();
        for (Member member : members) {
            LockSupport.unpark(member);
        }
        shared.run(0);
        for (int spins = 0; working.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        for (Member member : members) {
            RuntimeException failure = member.failure;
            if (failure != null) {
                member.failure = null;
                throw failure;
            }
        }
    }

    private final class Member extends Thread {
        private final int number;
        private volatile RuntimeException failure;

        Member(int number) {
            super("kernels-" + number);
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            int seen = 0;
            while (true) {
                for (int spins = 0; turn.get() == seen; spins++) {
                    if (spins < SPINS) {
                        Thread.onSpinWait();
                    } else {
                        LockSupport.park(Team.this);
                    }
                }
                seen = turn.get();
                try {
                    task.run(number);
                } catch (RuntimeException e) {
                    failure = e;
                }
                if (working.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }
}
