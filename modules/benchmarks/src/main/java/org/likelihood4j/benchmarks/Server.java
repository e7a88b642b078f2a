package org.likelihood4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.likelihood4j.benchmarks.ours.EngineReference;
import org.likelihood4j.benchmarks.ours.Ours;
import org.likelihood4j.benchmarks.results.FormTime;
import org.likelihood4j.benchmarks.results.MemoryUse;
import org.likelihood4j.benchmarks.results.Parts;
import org.likelihood4j.benchmarks.results.Quartiles;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.benchmarks.work.StepBlock;
import org.likelihood4j.benchmarks.work.Workloads;
import org.nd4j.linalg.factory.Nd4j;

/** One seat's side of the pipes: makes the contender, holds it against the reference if that is its task, and then does what it is asked until the input ends. */
final class Server {
    /** What our lines on standard output begin with: native libraries print there too. */
    static final String MARK = "likelihood4j-bench ";

    /** Forms are compared shortly: they only have to be told apart. */
    private static final double LONGEST_CHOICE = 2;

    /** Enough to have all memory that steps need. */
    private static final int FIRST_STEPS = 20;

    private final Seat seat;
    private final List<FormTime> forms = new ArrayList<>();
    private Contender contender;

    private Server(Seat seat) {
        this.seat = seat;
    }

    static void serve(Seat seat) throws IOException {
        Nd4j.getEnvironment().setMaxMasterThreads(seat.threads());
        Server server = new Server(seat);
        answer(server.start());
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Request request = Json.parse(line, Request.class);
            answer(
                    switch (request.what()) {
                        case BLOCK -> StepBlock.of(server.contender, request.phase(), request.count());
                        case EXPLAIN -> server.explain(request.count());
                    });
        }
    }

    private static void answer(Object value) {
        // In a line of its own, whatever a library has left unfinished.
        System.out.print("\n" + MARK + Json.line(value) + "\n");
        System.out.flush();
    }

    private Ready start() {
        if (seat.contender().equals(Seat.MACHINE)) {
            Machine machine = new Machine(seat.threads(), seat.torch());
            contender = machine;
            return new Ready(true, Seat.CHECK, "", List.of(), MemoryUse.peak(), forms, machine.peaks());
        }
        Case theCase = Case.of(Workloads.named(seat.workload()), seat.update());
        if (seat.contender().equals(Seat.NOBODY)) {
            return new Ready(false, Seat.CHECK, "", List.of(), MemoryUse.peak(), forms, null);
        }
        List<Function<Case, Contender>> ways =
                Contenders.ways(seat.contender(), theCase.workload(), seat.update(), seat.threads());
        if (seat.way() != Seat.CHECK) {
            contender = ways.get(seat.way()).apply(theCase);
            return ready(seat.way(), 0);
        }
        Optional<Contender> first =
                Contenders.named(seat.contender(), seat.threads()).make().apply(theCase);
        if (first.isEmpty()) {
            return new Ready(false, Seat.CHECK, "", List.of(), 0, forms, null);
        }
        // Before the others: the reference would be in the memory's peak, and not every optimiser can forget its steps.
        first.get().run(Phase.STEP, FIRST_STEPS);
        long peak = MemoryUse.peak();
        first.get().close();
        return ready(fastest(ways, theCase), peak);
    }

    private Ready ready(int way, long peak) {
        List<Phase> phases =
                Arrays.stream(Phase.values()).filter(contender::supports).toList();
        return new Ready(true, way, contender.form(), phases, peak, forms, null);
    }

    /** Makes the contender in all ways, each of which must be right, keeps the fastest by the whole step, and says which it is. */
    private int fastest(List<Function<Case, Contender>> ways, Case theCase) {
        List<Contender> candidates = new ArrayList<>();
        try (Reference reference = new EngineReference(theCase)) {
            for (Function<Case, Contender> way : ways) {
                Contender candidate = way.apply(theCase);
                candidates.add(candidate);
                candidate.requireAgreement(reference);
            }
        }
        int best = candidates.size() == 1 ? 0 : fastest(candidates);
        contender = candidates.remove(best);
        candidates.forEach(Contender::close);
        return best;
    }

    private int fastest(List<Contender> candidates) {
        List<Player> players = candidates.stream().map(Player::of).toList();
        Map<Player, List<StepBlock>> times =
                new Interleaving(Math.min(seat.seconds(), LONGEST_CHOICE)).time(players, Phase.STEP, () -> {});
        List<Quartiles> steps = players.stream()
                .map(player -> Quartiles.ofMilliseconds(times.get(player)))
                .toList();
        for (int i = 0; i < candidates.size(); i++) {
            forms.add(new FormTime(seat.workload(), candidates.get(i).form(), steps.get(i)));
        }
        return IntStream.range(0, candidates.size())
                .boxed()
                .min(Comparator.comparingDouble(i -> steps.get(i).median()))
                .orElseThrow();
    }

    private Parts explain(int runs) {
        contender.reset();
        return ((Ours) contender)
                .explain(runs)
                .map(explanation -> Parts.of(seat.workload(), explanation))
                .orElseThrow(() -> new IllegalStateException(contender.name() + " has no plan to tell of"));
    }
}
