package org.likelihood4j.benchmarks.ours;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.benchmarks.work.Feed;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.FlowData;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * How long it takes until a flow of many small blocks can be trained: planning must stay about linear in the graph.
 *
 * @param operations of the differentiated graph
 * @param kernels of its plan
 * @param compiling seconds of all that happens before the first step, SameDiff's part included
 * @param planning seconds of that which the planner takes
 */
public record PlanningTime(int couplings, int operations, int kernels, double compiling, double planning) {
    /** Some 400 to 13,000 operations; the first one warms up. */
    private static final List<Integer> COUPLINGS = List.of(6, 6, 24, 48, 96, 200);

    private static final int SIDE = 8;
    private static final int ROWS = 4;
    private static final Mlp.Hidden NETWORK = new Mlp.Hidden(List.of(16, 16), Activation.RELU);
    /** Of all couplings together. */
    private static final double LOG_SCALES = 12;

    /** A line for each size, as the time is taken. */
    public static void print(PrintWriter out) {
        // SameDiff tells of every operation that it differentiates.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, Charset.defaultCharset()));
        out.printf("%10s %10s %8s %11s %11s%n", "couplings", "operations", "kernels", "compile s", "planning s");
        for (int i = 0; i < COUPLINGS.size(); i++) {
            PlanningTime time = of(COUPLINGS.get(i));
            if (i > 0) {
                out.printf(
                        Locale.ROOT,
                        "%10d %10d %8d %11.2f %11.3f%n",
                        time.couplings(),
                        time.operations(),
                        time.kernels(),
                        time.compiling(),
                        time.planning());
            }
            out.flush();
        }
    }

    private static PlanningTime of(int couplings) {
        FlowData data = new PixelData(
                EventShape.image(SIDE, SIDE, 1),
                Workload.CouplingFlow.LEVELS,
                HalfOrder.COLUMNS,
                Workload.CouplingFlow.ALPHA,
                1e-3);
        Model model = new Flow(new Flow.Options(
                data, couplings, NETWORK, new DerivedAffineFamily(LOG_SCALES / couplings), DataType.FLOAT));
        ModelValues values = ModelValues.initial(model, DataType.FLOAT, 1);
        ModelFunction loss = model.trainingLoss();
        Feed feed = Feed.of(loss.inputs(), ROWS, 1);
        FlatVector[] constants = {values.buffers()};
        long started = System.nanoTime();
        try (TrainingProgram program = Engines.best()
                .compileTraining(
                        new Computation(loss.graph(), Ours.declare(feed, DataType.FLOAT), loss.outputNames()),
                        values.parameters(),
                        new Update(false).rule(),
                        constants)) {
            double seconds = (System.nanoTime() - started) / 1e9;
            Explanation explanation =
                    program.explain(Ours.arrays(feed, DataType.FLOAT).get(0), 1).orElseThrow();
            return new PlanningTime(
                    couplings,
                    explanation.operations(),
                    explanation.kernels().size(),
                    seconds,
                    explanation.planningSeconds());
        }
    }
}
