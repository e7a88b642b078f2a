package org.likelihood4j.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.training.ScriptedProgram;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.rounds.StepCheck;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which steps a round has, what each is fed with, and where a round ends. */
class FedRoundsTest {
    private static final double FACTOR = 0.5;

    /** Writes down what it is given. Losses count the steps; a metric may be a bad number. */
    private static final class Written extends ScriptedProgram {
        final List<StepQueue.Step> steps = new ArrayList<>();
        final List<Integer> rounds = new ArrayList<>();
        private final ToDoubleFunction<Integer> metric;

        Written(ToDoubleFunction<Integer> metric) {
            this.metric = metric;
        }

        @Override
        public List<StepResult> steps(List<StepQueue.Step> some) {
            rounds.add(some.size());
            List<StepResult> results = new ArrayList<>();
            for (StepQueue.Step step : some) {
                int number = steps.size();
                steps.add(step);
                results.add(new StepResult(number, 1, List.of(new double[] {metric.applyAsDouble(number)})));
            }
            return results;
        }
    }

    private final RunConfig config = TinyRun.config(TinyRun.VAE);
    private final Examples train = TinyRun.data(config).train();
    private final ModelValues values =
            ModelValues.zeros(ModelBuilder.create(config, train.shape()), ModelBuilder.type(config.precision()));
    private final ModelFunction loss = values.model().trainingLoss();
    private final StepPlan plan = new StepPlan(config, train);
    private final StepInputs inputs = new StepInputs(plan, loss, values);
    private final StepFeeds feeds = new StepFeeds(loss.inputs(), config.seed());

    private FedRounds rounds(TrainingProgram program, Double bound) {
        StepCheck check = new StepCheck(List.of(new Metric("metric", "nats", true, "of a test")), bound);
        return new FedRounds(plan, check, inputs, feeds, program);
    }

    /** Each step once, in the order and with the rate and the rows of one that is taken alone; up to where a round must end. */
    @Test
    void stepsFollowEachOtherAcrossRounds() {
        Written program = new Written(step -> 0);
        int from = 3;
        int end = 60;
        int report = 10;
        long step = from;
        try (Rounds.Stretch stretch = rounds(program, null).stretch(from, end)) {
            while (step < end) {
                long to = Math.min(end, (step / report + 1) * report);
                List<StepResult> results = stretch.take(to, FACTOR);
                assertThat(results).isNotEmpty();
                assertThat(results.get(0).loss()).isEqualTo((double) (step - from));
                step += results.size();
                assertThat(step).isLessThanOrEqualTo(to);
            }
        }
        assertThat(program.steps).hasSize(end - from);
        // The first one, before it is known how long steps take; then as many as there may be, which takes no time
        // here.
        assertThat(program.rounds.get(0)).isEqualTo(2);
        assertThat(program.rounds).contains(report);
        for (int i = 0; i < program.steps.size(); i++) {
            long at = (long) from + i;
            StepQueue.Step taken = program.steps.get(i);
            assertThat(taken.learningRate()).isEqualTo(plan.learningRate(at) * FACTOR);
            int rows = config.training().batch();
            var expected = feeds.step(plan.order(at), plan.index(at), rows, at, plan.klWeight(at));
            assertThat(taken.feed().examples()).isEqualTo(expected.examples());
            assertThat(taken.feed().keys()).isEqualTo(expected.keys());
            assertThat(taken.feed().same()).isEqualTo(expected.same());
        }
    }

    /** What it was given is the last batch, which is the bad step's and not the last one's that began. */
    @Test
    void nothingIsToldBehindAMetricThatIsNotFinite() {
        Written program = new Written(step -> step == 5 ? Double.NaN : 0);
        try (Rounds.Stretch stretch = rounds(program, null).stretch(0, 100)) {
            assertThat(stretch.take(100, 1)).hasSize(2);
            assertThat(stretch.take(100, 1)).hasSize(4);
            List<INDArray> last =
                    stretch.lastBatch(batch -> batch.stream().map(INDArray::dup).toList());
            assertThat(last).isEqualTo(inputs.whole(5));
        }
        assertThat(program.steps).hasSizeGreaterThan(6);
    }

    /** Only the host sees a bound of the gradient's norm, so that no step may begin before it has. */
    @Test
    void withABoundOfTheNormStepsAreTakenOneByOne() {
        Written program = new Written(step -> 0);
        try (Rounds.Stretch stretch = rounds(program, 10.0).stretch(0, 5)) {
            IntStream.range(0, 5).forEach(i -> assertThat(stretch.take(5, 1)).hasSize(1));
        }
        assertThat(program.rounds).containsOnly(1);
    }
}
