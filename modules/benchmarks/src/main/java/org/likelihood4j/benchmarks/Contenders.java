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
import org.likelihood4j.benchmarks.libtorch.TorchForm;
import org.likelihood4j.benchmarks.libtorch.TorchOptimizer;
import org.likelihood4j.benchmarks.ours.OurEngine;
import org.likelihood4j.benchmarks.ours.Ours;
import org.likelihood4j.benchmarks.ours.Reporting;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Update;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.engine.Engines;

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
                        engine.name(), theCase -> engine.engine().get().map(made -> new Ours(engine, theCase))));
        Stream<Entry> peers = Stream.of(
                new Entry(Libtorch.NAME, theCase -> Optional.of(usual(theCase, false, threads))),
                new Entry(Libtorch.AUTOCAST, theCase -> Engines.mixed().map(engine -> usual(theCase, true, threads))),
                new Entry(
                        LibtorchProducts.NAME,
                        theCase -> theCase.workload().isConvolutional()
                                ? Optional.empty()
                                : Optional.of(new LibtorchProducts(theCase.workload(), threads))),
                new Entry(
                        "sd.fit",
                        theCase ->
                                theCase.update().full() || !theCase.workload().isPlain()
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

    private static Libtorch usual(Case theCase, boolean autocast, int threads) {
        boolean channelsLast = theCase.workload().isConvolutional();
        return new Libtorch(theCase, new TorchForm(TorchOptimizer.FUSED, true, channelsLast, autocast), threads);
    }

    /** All ways to make a contender that can do the case: every form of libtorch's twin that can do the update, one of anyone else. */
    static List<Function<Case, Contender>> ways(String contender, Workload workload, Update update, int threads) {
        if (!contender.equals(Libtorch.NAME) && !contender.equals(Libtorch.AUTOCAST)) {
            Entry entry = named(contender, threads);
            return List.of(theCase -> entry.make().apply(theCase).orElseThrow());
        }
        boolean autocast = contender.equals(Libtorch.AUTOCAST);
        List<Function<Case, Contender>> forms = new ArrayList<>();
        for (TorchForm form : workload.isConvolutional() ? convolutional(autocast) : dense(autocast)) {
            forms.add(theCase -> new Libtorch(theCase, form, threads));
        }
        if (workload.isPlain() && !update.full() && !autocast) {
            forms.add(theCase -> new EagerLibtorch(theCase, threads));
        }
        return forms;
    }

    /** In either layout of images. */
    private static List<TorchForm> convolutional(boolean autocast) {
        List<TorchForm> forms = new ArrayList<>();
        for (boolean channelsLast : new boolean[] {false, true}) {
            for (boolean rewriting : new boolean[] {false, true}) {
                forms.add(new TorchForm(TorchOptimizer.FUSED, rewriting, channelsLast, autocast));
            }
        }
        return forms;
    }

    private static List<TorchForm> dense(boolean autocast) {
        List<TorchForm> forms = new ArrayList<>();
        for (TorchOptimizer optimizer : TorchOptimizer.values()) {
            forms.add(new TorchForm(optimizer, true, false, autocast));
        }
        forms.add(new TorchForm(TorchOptimizer.FUSED, false, false, autocast));
        return forms;
    }
}
