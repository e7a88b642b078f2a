package org.likelihood4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.likelihood4j.benchmarks.dl4j.Dl4jVae;
import org.likelihood4j.benchmarks.dl4j.SameDiffFit;
import org.likelihood4j.benchmarks.libtorch.EagerLibtorch;
import org.likelihood4j.benchmarks.libtorch.Libtorch;
import org.likelihood4j.benchmarks.libtorch.LibtorchProducts;
import org.likelihood4j.benchmarks.libtorch.TorchOptimizer;
import org.likelihood4j.benchmarks.ours.OurEngine;
import org.likelihood4j.benchmarks.ours.Ours;
import org.likelihood4j.benchmarks.ours.Reporting;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;

/** Who can take part: our engines, then the peers. A new peer is one class and one line here. */
final class Contenders {
    /**
     * A way to a contender.
     *
     * @param make empty where the contender cannot do the case
     */
    record Entry(String name, Function<Case, Optional<Contender>> make) {}

    private Contenders() {}

    static List<String> names() {
        return all(1).stream().map(Entry::name).toList();
    }

    /** Those of the diagnostics as well. */
    static Entry named(String name, int threads) {
        if (Reporting.NAMES.contains(name)) {
            return new Entry(name, theCase -> Optional.of(Reporting.of(name, theCase.update())));
        }
        return all(threads).stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender named " + name));
    }

    static List<Entry> all(int threads) {
        Stream<Entry> ours = OurEngine.ALL.stream()
                .map(engine -> new Entry(
                        engine.name(),
                        theCase -> Optional.of(
                                new Ours(engine.name(), engine.engine().get(), theCase))));
        Stream<Entry> peers = Stream.of(
                new Entry(
                        Libtorch.NAME,
                        theCase -> Optional.of(new Libtorch(
                                theCase,
                                TorchOptimizer.FUSED,
                                true,
                                theCase.workload().isConvolutional(),
                                threads))),
                new Entry(
                        LibtorchProducts.NAME,
                        theCase -> theCase.workload().isConvolutional()
                                ? Optional.empty()
                                : Optional.of(new LibtorchProducts(theCase.workload(), threads))),
                new Entry(
                        "sd.fit",
                        theCase -> theCase.update().full() || theCase.workload().isConvolutional()
                                ? Optional.empty()
                                : Optional.of(new SameDiffFit(theCase))),
                new Entry("dl4j", Contenders::dl4j));
        return Stream.concat(ours, peers).toList();
    }

    private static Optional<Contender> dl4j(Case theCase) {
        return theCase.workload() instanceof Workload.Vae vae
                        && !theCase.update().full()
                ? Optional.of(new Dl4jVae(theCase, vae))
                : Optional.empty();
    }

    /** Every form of libtorch's twin that can do the update. */
    static List<Function<Case, Contender>> libtorch(Workload workload, Update update, int threads) {
        return workload.isConvolutional() ? convolutional(threads) : dense(update, threads);
    }

    /** In either layout of images. */
    private static List<Function<Case, Contender>> convolutional(int threads) {
        List<Function<Case, Contender>> forms = new ArrayList<>();
        for (boolean channelsLast : new boolean[] {false, true}) {
            for (boolean rewriting : new boolean[] {false, true}) {
                forms.add(theCase -> new Libtorch(theCase, TorchOptimizer.FUSED, rewriting, channelsLast, threads));
            }
        }
        return forms;
    }

    private static List<Function<Case, Contender>> dense(Update update, int threads) {
        List<Function<Case, Contender>> forms = new ArrayList<>();
        for (TorchOptimizer optimizer : TorchOptimizer.values()) {
            forms.add(theCase -> new Libtorch(theCase, optimizer, true, false, threads));
        }
        forms.add(theCase -> new Libtorch(theCase, TorchOptimizer.FUSED, false, false, threads));
        if (!update.full()) {
            forms.add(theCase -> new EagerLibtorch(theCase, threads));
        }
        return forms;
    }
}
