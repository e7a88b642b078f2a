package org.likelihood4j.engine;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.likelihood4j.engine.GraphCase.NoReferenceException;
import org.likelihood4j.engine.cuda.CudaDevice;
import org.likelihood4j.engine.cuda.TransferringEngine;

/**
 * The random graphs of {@link RandomGraphsTest} on this machine's card, held against exact arithmetic as there; in mixed precision, too, where the card has that.
 * A program, since a machine with a card need not have what tests are run by.
 *
 * <pre>RandomGraphsOnCard [HOW MANY]</pre>
 */
final class RandomGraphsOnCard {
    private static final int USUAL = 40;
    /** ND4J tells of each operation that it differentiates on standard output. */
    private static final PrintStream OUT = System.out;

    private RandomGraphsOnCard() {}

    /** Ends with exit code 1 if a graph fails, or there is no card. */
    public static void main(String[] arguments) {
        String wanted = arguments.length == 0 ? String.valueOf(USUAL) : arguments[0];
        if (arguments.length > 1 || !wanted.matches("[1-9]\\d{0,4}")) {
            System.err.println("error: gpu-graphs: give how many graphs, from 1 to 99999");
            System.exit(2);
        }
        int graphs = Integer.parseInt(wanted);
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        int failed;
        try (CudaDevice device = new CudaDevice()) {
            Optional<String> obstacle = device.obstacle();
            if (obstacle.isPresent()) {
                System.err.println("error: " + obstacle.get());
                failed = 1;
            } else {
                OUT.println(device.description());
                failed = run(device, graphs);
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private static int run(CudaDevice device, int graphs) {
        boolean mixed = device.narrowing().isPresent();
        int failed = 0;
        int unknown = 0;
        for (int seed = 0; seed < graphs; seed++) {
            GraphCase graph = RandomGraphsTest.graph(seed);
            try {
                failed += failure(
                        seed, "float32", () -> graph.checkArithmetic(new TransferringEngine(device), device.layout()));
                if (mixed) {
                    failed += failure(
                            seed,
                            "mixed",
                            () -> graph.checkMixed(
                                    new TransferringEngine(device, GraphCase.EVERYTHING), device.layout()));
                }
            } catch (NoReferenceException e) {
                unknown++;
            }
        }
        OUT.printf(
                "%d random graphs%s: %d failed; %d more that the processor's reference cannot run%n",
                graphs - unknown, mixed ? ", also in mixed precision" : "", failed, unknown);
        return failed + (unknown == graphs ? 1 : 0);
    }

    /** 1 if there is one, which is told. */
    private static int failure(int seed, String precision, Runnable check) {
        try {
            check.run();
            return 0;
        } catch (NoReferenceException e) {
            throw e;
        } catch (AssertionError | RuntimeException e) {
            OUT.printf("graph %d, %s: %s%n", seed, precision, e);
            return 1;
        }
    }
}
