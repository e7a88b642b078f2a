package org.likelihood4j.engine.planning;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;

/**
 * Makes a {@link Plan} of a graph: lowers it to nodes, joins elementwise nodes into fused kernels, orders the kernels, and gives
 * every buffer its place.
 */
public final class Planner {
    /** Of the stack, for each operation that one may be nested in. */
    private static final long BYTES_EACH = 2048;

    private static final long FEWEST_BYTES = 1 << 20;

    private Planner() {}

    /**
     * Plans.
     *
     * @param outputs the names of what is wanted
     * @param destinations how many outputs, from the last, are written to places of the caller's own
     * @param layout how the device wants matrices to stand
     * @param narrowing which of its products it wants in bfloat16
     */
    public static Plan plan(Graph graph, List<String> outputs, int destinations, Layout layout, Narrowing narrowing) {
        return deep(graph.operations().size(), () -> {
            Lowering lowering = new Lowering(graph, narrowing);
            List<Node> wanted = outputs.stream().map(lowering::output).toList();
            Arrangement arrangement = new Arrangement(lowering.nodes(), wanted, destinations);
            Fusion fusion = new Fusion(
                    arrangement.needed(), arrangement::dependencies, arrangement::priority, arrangement::finish);
            List<Fusion.Unit> order = fusion.order(arrangement::isSink);
            return new PlanAssembly(arrangement, order, layout).assemble();
        });
    }

    /** Nodes are made by going from each to its inputs, as deep as the graph is: on a stack that has room for that. */
    static <T> T deep(int operations, Supplier<T> planning) {
        CompletableFuture<T> plan = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                plan.complete(planning.get());
            } catch (RuntimeException | Error e) {
                plan.completeExceptionally(e);
            }
        };
        new Thread(null, task, "planner", FEWEST_BYTES + BYTES_EACH * operations).start();
        try {
            return plan.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }
}
