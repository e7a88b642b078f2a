package org.likelihood4j.laboratory.verify;

import static org.likelihood4j.laboratory.verify.Mutant.OURS;
import static org.likelihood4j.laboratory.verify.Mutant.mutant;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.laboratory.verify.Formulas.MapForms;
import org.likelihood4j.laboratory.verify.Mutant.Part;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;

/** Couplings, autoregressive steps and maps that are 1% off. */
final class CouplingMutants {
    private static final String ZEROS = "coupling: dy2/dx1 = 0, diagonal blocks";
    private static final String DIAGONAL = "coupling: diagonal exp(G(x2)), exp(s)";
    private static final String LOG_DET = "log|det J| = sum G + sum s";
    private static final String TEXTBOOK = "textbook coupling: exp(G) x1 + F, x2";
    private static final String SPLINE = "spline coupling: K rational-quadratic pieces";
    private static final String AUTOREGRESSIVE_SPLINE = "spline autoregressive: K pieces, by x_<i";
    private static final String ADDITIVE = "additive coupling: x1 + F(x2), x2";

    private CouplingMutants() {}

    static Stream<Mutant> all() {
        return Stream.of(couplings(), families(), autoregressive(), maps()).flatMap(List::stream);
    }

    private static List<Mutant> couplings() {
        return List.of(
                coupling("inverse", (block, b) -> new Mutants.BentBijector(b, 1.01, 1), "coupling: inverse"),
                coupling("log-determinant", (block, b) -> new Mutants.BentBijector(b, 1, 1.01), LOG_DET),
                coupling(
                        "columns of y1 mixed",
                        (block, b) -> mixed(b, block, block.columns(false)[1], block.columns(false)[0]),
                        ZEROS),
                coupling(
                        "y2 that hears of x1",
                        (block, b) -> mixed(b, block, block.columns(false)[0], block.columns(true)[0]),
                        ZEROS,
                        DIAGONAL),
                coupling("scale of x1", (block, b) -> stretched(block, b, false), DIAGONAL),
                coupling("scale of x2", (block, b) -> stretched(block, b, true), DIAGONAL),
                mutant(
                        "chain's log-determinant",
                        Part.CHAIN,
                        edit -> edit.chain =
                                links -> new Mutants.BentBijector(OURS.chain().apply(links), 1, 1.01),
                        LOG_DET),
                mutant(
                        "s and G of 0",
                        Part.VALUES,
                        edit -> edit.values = (parameters, scale, random) ->
                                Mutants.zeroScales(OURS.values().draw(parameters, scale, random)),
                        "coupling: volume is not preserved"));
    }

    private static List<Mutant> families() {
        Map<String, BlockChange> changes = new TreeMap<>(Map.of(
                "inverse", (block, b) -> new Mutants.BentBijector(b, 1.01, 1),
                "scale of x1", (block, b) -> stretched(block, b, false),
                "scale of x2", (block, b) -> stretched(block, b, true),
                "y2 that hears of x1", (block, b) -> mixed(b, block, block.columns(false)[0], block.columns(true)[0])));
        List<Mutant> mutants = new ArrayList<>();
        changes.forEach((name, change) -> {
            mutants.add(textbook(name, change));
            mutants.add(additive(name, change));
            mutants.add(spline(name, change));
        });
        mutants.add(textbook("log-determinant", (block, b) -> new Mutants.BentBijector(b, 1, 1.01)));
        mutants.add(spline("log-determinant", (block, b) -> new Mutants.BentBijector(b, 1, 1.01)));
        mutants.add(mutant(
                "spline coupling that ends elsewhere",
                Part.SPLINE,
                edit -> edit.spline = (path, block) ->
                        Formulas.coupling(path, block, new RationalQuadraticFamily(5, 1.01 * Formulas.TAIL_BOUND)),
                SPLINE));
        mutants.add(
                mutant("textbook coupling with s", Part.TEXTBOOK, edit -> edit.textbook = OURS.coupling(), TEXTBOOK));
        mutants.add(
                mutant("additive coupling with G", Part.ADDITIVE, edit -> edit.additive = OURS.textbook(), ADDITIVE));
        return mutants;
    }

    private static List<Mutant> autoregressive() {
        Map<String, UnaryOperator<Bijector>> changes = new TreeMap<>(Map.of(
                "inverse", b -> new Mutants.BentBijector(b, 1.01, 1),
                "log-determinant", b -> new Mutants.BentBijector(b, 1, 1.01),
                "value", b -> new Mutants.Stretched(b, 1.01),
                "a column that hears of one behind it", CouplingMutants::heardBackwards));
        List<Mutant> mutants = new ArrayList<>();
        changes.forEach((name, change) -> {
            mutants.add(mutant(
                    "autoregressive step, " + name,
                    Part.AUTOREGRESSIVE,
                    edit -> edit.autoregressive =
                            (path, step) -> change.apply(OURS.autoregressive().apply(path, step)),
                    "autoregressive: exp(G(x_<i)) x_i + F(x_<i)"));
            mutants.add(mutant(
                    "autoregressive step of splines, " + name,
                    Part.AUTOREGRESSIVE_SPLINE,
                    edit -> edit.autoregressiveSpline = (path, step) ->
                            change.apply(OURS.autoregressiveSpline().apply(path, step)),
                    AUTOREGRESSIVE_SPLINE));
        });
        mutants.add(mutant(
                "autoregressive step of splines that end elsewhere",
                Part.AUTOREGRESSIVE_SPLINE,
                edit -> edit.autoregressiveSpline = (path, step) ->
                        Formulas.step(path, step, new RationalQuadraticFamily(5, 1.01 * Formulas.TAIL_BOUND)),
                AUTOREGRESSIVE_SPLINE));
        return mutants;
    }

    private static Bijector heardBackwards(Bijector inner) {
        double[][] shear = Matrices.identity(inner.inputShape().size());
        shear[2][1] = 0.01;
        return new Mutants.Followed(inner, shear);
    }

    /** All of them, changed. */
    static MapForms bent(UnaryOperator<Bijector> change) {
        MapForms ours = OURS.maps();
        return new MapForms(
                (path, shape) -> change.apply(ours.norm().apply(path, shape)),
                (path, shape) -> change.apply(ours.mixing().apply(path, shape)),
                shape -> change.apply(ours.squeeze().apply(shape)),
                (path, split) -> change.apply(ours.coupling().apply(path, split)),
                scales -> change.apply(ours.multiscale().apply(scales)),
                (path, shape) -> change.apply(ours.classes().apply(path, shape)));
    }

    /** One of them changed: its own row fails. */
    private static List<Mutant> maps() {
        Map<String, UnaryOperator<Bijector>> changes = new TreeMap<>(Map.of(
                "inverse", b -> new Mutants.BentBijector(b, 1.01, 1),
                "log-determinant", b -> new Mutants.BentBijector(b, 1, 1.01),
                "value", b -> new Mutants.Stretched(b, 1.01)));
        MapForms ours = OURS.maps();
        List<Mutant> mutants = new ArrayList<>();
        changes.forEach((name, change) -> {
            MapForms bent = bent(change);
            if (!name.equals("log-determinant")) {
                // 0 is 0 however it is bent.
                mutants.add(map("squeeze, " + name, replaced(ours, "squeeze", bent), "squeeze: 2 x 2 places are one"));
            }
            mutants.add(map("norm, " + name, replaced(ours, "norm", bent), "ActNorm: exp(l) x + b"));
            mutants.add(
                    map("mixing, " + name, replaced(ours, "mixing", bent), "1x1 convolution: x P L (U + diag exp(l))"));
            mutants.add(map(
                    "coupling, " + name, replaced(ours, "coupling", bent), "coupling of maps: checkerboard, channels"));
            mutants.add(
                    map("scales, " + name, replaced(ours, "multiscale", bent), "scales: latents leave, log-dets add"));
            mutants.add(
                    map("classes, " + name, replaced(ours, "classes", bent), "base of a class y: exp(l_y) x + b_y"));
        });
        return mutants;
    }

    private static MapForms replaced(MapForms ours, String one, MapForms bent) {
        return new MapForms(
                one.equals("norm") ? bent.norm() : ours.norm(),
                one.equals("mixing") ? bent.mixing() : ours.mixing(),
                one.equals("squeeze") ? bent.squeeze() : ours.squeeze(),
                one.equals("coupling") ? bent.coupling() : ours.coupling(),
                one.equals("multiscale") ? bent.multiscale() : ours.multiscale(),
                one.equals("classes") ? bent.classes() : ours.classes());
    }

    private static Mutant map(String name, MapForms forms, String row) {
        return mutant("of maps: " + name, Part.MAPS, edit -> edit.maps = forms, row);
    }

    private static Mutant textbook(String name, BlockChange change) {
        return mutant(
                "textbook coupling, " + name,
                Part.TEXTBOOK,
                edit -> edit.textbook =
                        (path, block) -> change.apply(block, OURS.textbook().apply(path, block)),
                TEXTBOOK);
    }

    private static Mutant additive(String name, BlockChange change) {
        return mutant(
                "additive coupling, " + name,
                Part.ADDITIVE,
                edit -> edit.additive =
                        (path, block) -> change.apply(block, OURS.additive().apply(path, block)),
                ADDITIVE);
    }

    private static Mutant spline(String name, BlockChange change) {
        return mutant(
                "spline coupling, " + name,
                Part.SPLINE,
                edit -> edit.spline =
                        (path, block) -> change.apply(block, OURS.spline().apply(path, block)),
                SPLINE);
    }

    /** 1% of one column is added to another. */
    private static Bijector mixed(Bijector inner, Block block, int from, int to) {
        double[][] shear = Matrices.identity(block.dimension());
        shear[from][to] = 0.01;
        return new Mutants.Followed(inner, shear);
    }

    private static Bijector stretched(Block block, Bijector inner, boolean conditioning) {
        double[][] stretch = Matrices.identity(block.dimension());
        for (int column : block.columns(conditioning)) {
            stretch[column][column] = 1.01;
        }
        return new Mutants.Followed(inner, stretch);
    }

    private interface BlockChange {
        Bijector apply(Block block, Bijector bijector);
    }

    private static Mutant coupling(String name, BlockChange change, String... failing) {
        return mutant(
                name,
                Part.COUPLING,
                edit -> edit.coupling =
                        (path, block) -> change.apply(block, OURS.coupling().apply(path, block)),
                failing);
    }
}
