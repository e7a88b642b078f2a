package org.likelihood4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.benchmarks.libtorch.Libtorch;
import org.likelihood4j.benchmarks.libtorch.LibtorchProducts;
import org.likelihood4j.benchmarks.ours.EngineReference;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.DisagreementException;
import org.likelihood4j.benchmarks.work.Feed;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;

/** Every contender in every form, on shapes that take no time. */
class TwinsTest {
    private static final List<Workload> TINY = List.of(
            new Workload.Vae("vae", 4, 12, new Mlp.Hidden(List.of(7), Activation.RELU), 3, false),
            new Workload.Vae("vae-deep", 5, 12, new Mlp.Hidden(List.of(7, 6), Activation.TANH), 2, false),
            new Workload.ConvVae("conv-vae", 3, 8, List.of(4, 5), new Mlp.Hidden(List.of(7), Activation.RELU), 2),
            new Workload.CouplingFlow("flow", 6, 4, 6, 3, new Mlp.Hidden(List.of(9, 8), Activation.RELU)),
            new Workload.MultiscaleFlow("conv-flow", 3, 8, 3, 1, List.of(5, 4, 6)),
            new Workload.SplineFlow("spline-flow", 7, 5, 3, 4, 6, 1));

    /** A contender to be made of a case. */
    private record Twin(String what, Case theCase, Function<Case, Contender> make) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Twin> twins() {
        return Stream.of(false, true).flatMap(full -> TINY.stream().flatMap(workload -> twins(workload, full)));
    }

    private static Stream<Twin> twins(Workload workload, boolean full) {
        Case theCase = Case.of(workload, new Update(full));
        String suffix = " " + workload.name() + (full ? ", full update" : "");
        Stream<Twin> forms = Stream.of(Libtorch.NAME, Libtorch.AUTOCAST)
                .flatMap(name -> Contenders.ways(name, workload, theCase.update(), 1).stream()
                        .map(form -> new Twin(name + suffix, theCase, form)));
        Stream<Twin> entries = Contenders.all(1).stream()
                .filter(entry ->
                        !entry.name().equals(Libtorch.NAME) && !entry.name().equals(Libtorch.AUTOCAST))
                .filter(entry -> applies(entry, theCase))
                .map(entry -> new Twin(
                        entry.name() + suffix,
                        theCase,
                        aCase -> entry.make().apply(aCase).orElseThrow()));
        return Stream.concat(forms, entries);
    }

    private static boolean applies(Contenders.Entry entry, Case theCase) {
        boolean plain = !theCase.update().full();
        return switch (entry.name()) {
            case "sd.fit" -> plain && theCase.workload().isPlain();
            case LibtorchProducts.NAME -> !theCase.workload().isConvolutional();
            case "ours-mixed" -> Engines.mixed().isPresent();
            case "dl4j" -> plain && theCase.workload() instanceof Workload.Vae;
            default -> true;
        };
    }

    @ParameterizedTest
    @MethodSource("twins")
    void agreesWithTheReferenceWhateverItDidBefore(Twin twin) {
        try (Reference reference = new EngineReference(twin.theCase());
                Contender contender = twin.make().apply(twin.theCase())) {
            if (!contender.name().equals("sd.fit")) { // whose optimiser cannot forget
                contender.run(Phase.STEP, 2);
            }
            assertThatCode(() -> contender.requireAgreement(reference)).doesNotThrowAnyException();
        }
    }

    /** All but the bare products, which see no data. */
    static Stream<Twin> seeingTwins() {
        return twins().filter(twin -> !twin.what().startsWith(LibtorchProducts.NAME));
    }

    /** A check that lets everything through would be worth nothing. */
    @ParameterizedTest
    @MethodSource("seeingTwins")
    void disagreesOnOtherData(Twin twin) {
        Case theCase = twin.theCase();
        Feed other = Feed.of(theCase.feed().inputs(), theCase.feed().rows(), 2);
        Case changed = new Case(
                theCase.workload(), theCase.model(), theCase.values(), theCase.weights(), other, theCase.update());
        try (Reference reference = new EngineReference(changed);
                Contender contender = twin.make().apply(theCase)) {
            assertThatThrownBy(() -> contender.requireAgreement(reference)).isInstanceOf(DisagreementException.class);
        }
    }
}
