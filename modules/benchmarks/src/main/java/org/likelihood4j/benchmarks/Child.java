package org.likelihood4j.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.likelihood4j.benchmarks.results.Parts;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

/**
 * A contender in a process of its own, so that none can disturb another's memory, threads or compiled code: the other end of
 * {@link Server}'s pipes. Between two requests the process waits, and takes no processor.
 */
final class Child implements Player, AutoCloseable {
    /** A child ended badly, having said why on standard error. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    /** What libtorch says of a guard that DJL uses: true, and of no use to anyone here. */
    private static final String DEPRECATED = "AutoNonVariableTypeMode is deprecated";

    private final Seat seat;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final Thread complaints;
    private final Ready ready;

    /** Starts the process, and waits until it has found the contender right. */
    Child(Seat seat) {
        this.seat = seat;
        try {
            this.process = start(seat);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.complaints = new Thread(this::passOn, "complaints of " + seat.contender());
        complaints.setDaemon(true);
        complaints.start();
        this.ready = answer(Ready.class);
    }

    private static Process start(Seat seat) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(memory());
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), Main.SEAT, Json.line(seat)));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        // How many threads the native libraries use is settled when they start.
        for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            environment.put(name, String.valueOf(seat.threads()));
        }
        return builder.start();
    }

    /**
     * What each process may use is what run.sh gives the heap of one, a quarter of the machine's memory, for all that it has: ND4J
     * collects no garbage before a limit, and a peer's steps would fill the machine.
     */
    private static List<String> memory() {
        long most = Runtime.getRuntime().maxMemory() >> 20;
        return List.of(
                "-Xmx" + most / 2 + "m",
                "-Dorg.bytedeco.javacpp.maxbytes=" + most + "m",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=" + most + "m");
    }

    private void passOn() {
        try (Stream<String> lines = process.errorReader(StandardCharsets.UTF_8).lines()) {
            lines.filter(line -> !line.contains(DEPRECATED)).forEach(System.err::println);
        }
    }

    private <T> T ask(Request request, Class<T> type) {
        try {
            requests.write(Json.line(request));
            requests.newLine();
            requests.flush();
        } catch (IOException e) {
            throw failed();
        }
        return answer(type);
    }

    private <T> T answer(Class<T> type) {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(Server.MARK)) {
                    return Json.parse(line.substring(Server.MARK.length()), type);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw failed();
    }

    private FailedException failed() {
        close();
        return new FailedException("the process of " + seat + " ended with exit code " + process.exitValue()
                + "; nothing that was measured counts");
    }

    Ready ready() {
        return ready;
    }

    long id() {
        return process.pid();
    }

    @Override
    public String name() {
        return seat.contender();
    }

    @Override
    public boolean supports(Phase phase) {
        return ready.phases().contains(phase);
    }

    @Override
    public StepBlock block(Phase phase, int steps) {
        return ask(new Request(Request.What.BLOCK, phase, steps), StepBlock.class);
    }

    /** Our kernels, one by one. */
    Parts explain(int runs) {
        return ask(new Request(Request.What.EXPLAIN, Phase.STEP, runs), Parts.class);
    }

    /** Ends its input, and with that the process. */
    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            process.waitFor();
            complaints.join();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
