package org.likelihood4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of the house point one way only, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final String ROOT = "org.likelihood4j.";

    /** Each module, and those that it may know. */
    private static final Map<String, Set<String>> FLOORS = floors(
            "io",
            "models",
            "engine",
            "random",
            "score -> random",
            "config -> io",
            "data -> io, random",
            "runs -> config, io",
            "inference -> runs, config, data, models, engine, io, random, score",
            "report -> runs, config, io",
            "training -> inference, runs, config, data, models, engine, io, random",
            "laboratory -> training, inference, runs, config, data, models, engine, io, random",
            "cli -> laboratory, training, inference, report, runs, config, data, models, engine, io, random");

    /** What a package may hold before it is a room that nobody oversees. */
    private static final int MOST_CLASSES = 25;

    /** Files that cannot do without each other, and why not. */
    private record Circle(String reason, Set<String> files) {}

    /** Beside a sealed interface and what it permits, which name each other by what the word means. */
    private static final List<Circle> CIRCLES = List.of(
            new Circle(
                    "an audit hands its model to the one for its kind, which reports to it",
                    Set.of("Audit", "FiniteAudit", "FlowAudit", "VaeAudit")),
            new Circle(
                    "a VAE's loss and metrics are parts of it, in files of their own",
                    Set.of("GaussianVae", "VaeGraph", "VaeLoss", "VaeMetrics")),
            new Circle(
                    "a model's record names how its type is read, which asks all types for their records",
                    Set.of("ModelConfig", "ModelType", "ModelTypes")),
            new Circle(
                    "what a flow's keys must be to each other is a file of its own, which names the section's choices",
                    Set.of("FlowKeys", "ModelConfig")),
            new Circle(
                    "a kind of network makes the one that is told the class too",
                    Set.of("Conditioned", "LayerFactory")),
            new Circle(
                    "a model that does not say what it needs is guessed at, from what it is",
                    Set.of("Footprint", "Model")),
            new Circle(
                    "a trained model hands its calls on, which ask it what it is of",
                    Set.of("ModelCalls", "TrainedModel")),
            new Circle(
                    "a flat vector lies on a device, which makes its memory and updates it",
                    Set.of("Device", "Devices", "FlatVector", "OptimizerState", "Updater")),
            new Circle(
                    "what is made on a card is given back to it, its own lanes as well",
                    Set.of("Card", "CardLane", "CardResources")),
            new Circle(
                    "a card's device makes what updates its vectors, and is the same one for TF32",
                    Set.of("CudaDevice", "CudaTf32", "CudaUpdater")),
            new Circle(
                    "a rule lowers what it is made of by the lowering that called it",
                    Set.of("Lowering", "ElementwiseRules")));

    private static final JavaClasses OURS = new ClassFileImporter()
            // ArchUnit's own option goes by the usual folders' names, and ours may be built elsewhere.
            .withImportOption(location -> !location.contains(testClasses()))
            // The copy of another module that the jar of scores has in it.
            .withImportOption(location -> !location.contains("/org/likelihood4j/score/random/"))
            .importPackages("org.likelihood4j");

    private static Map<String, Set<String>> floors(String... lines) {
        Map<String, Set<String>> floors = new LinkedHashMap<>();
        for (String line : lines) {
            String[] sides = line.split(" -> ", -1);
            floors.put(sides[0], sides.length == 1 ? Set.of() : Set.of(sides[1].split(", ", -1)));
        }
        return floors;
    }

    private static String testClasses() {
        return ArchitectureTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    /** The first word below the root: the module. */
    private static String module(JavaClass type) {
        return type.getPackageName().startsWith(ROOT)
                ? type.getPackageName().substring(ROOT.length()).split("\\.", -1)[0]
                : "";
    }

    @Test
    void everyModuleHasItsRowOnThePage() throws IOException {
        Path project = Path.of("../..").toAbsolutePath().normalize();
        Set<String> rows = Files.readAllLines(project.resolve("docs/architecture.md")).stream()
                .dropWhile(line -> !line.startsWith("| module | knows |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(row -> Stream.of(row.substring(1, row.indexOf('|', 1)).split(",", -1)))
                .map(name -> name.strip().replace("`", ""))
                .collect(Collectors.toSet());
        try (Stream<Path> folders = Files.list(project.resolve("modules"))) {
            assertThat(rows)
                    .isEqualTo(folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .map(folder -> folder.getFileName().toString())
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void everyModuleIsInSight() {
        // Rules about packages hold for packages that are not there.
        assertThat(OURS.stream().map(ArchitectureTest::module).collect(Collectors.toSet()))
                .isEqualTo(FLOORS.keySet());
        assertThat(OURS.contain(ArchitectureTest.class)).as("tests").isFalse();
    }

    @Test
    void modulesKnowOnlyTheFloorsBelow() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : OURS) {
            type.getDirectDependenciesFromSelf().forEach(arrow -> {
                JavaClass target = arrow.getTargetClass().getBaseComponentType();
                String to = module(target);
                if (!to.isEmpty()
                        && !to.equals(module(type))
                        && !FLOORS.get(module(type)).contains(to)) {
                    wrong.add(type.getName() + " -> " + target.getName());
                }
            });
        }
        assertThat(wrong).isEmpty();
    }

    /** Exports are read by others than their writer, or a mistake could be in both. */
    @Test
    void ofTheScorerNobodyKnowsMoreThanItsCodes() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.likelihood4j.score..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.likelihood4j.score..")
                        .and(not(resideInAPackage("org.likelihood4j.score.codes.."))))
                .check(OURS);
    }

    @Test
    void someModulesKnowNoTensorLibrary() {
        noClasses()
                .that()
                .resideInAnyPackage(packages("io", "config", "data", "runs", "report"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.bytedeco..", "org.deeplearning4j..")
                .check(OURS);
    }

    @Test
    void internalsOfTheRuntimeStayWithThoseWhoTrainAndInfer() {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages("inference", "training", "laboratory", "cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "inference.runtime..")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages(packages("training", "laboratory", "cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "training.loop..")
                .check(OURS);
    }

    @Test
    void onlyTheTableOfKindsAsksWhichKindAModelIs() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "config..", ROOT + "inference.kinds..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "inference.runtime.ModelBuilder")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.ModelConfig\\$(Vae|RealNvp)")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "models..", ROOT + "inference.kinds..", ROOT + "laboratory.verify..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.(GaussianVae|RealNvp|Flow)")
                .check(OURS);
    }

    @Test
    void sameDiffsInternalsStayInTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j.autodiff.samediff.internal..")
                .check(OURS);
    }

    /**
     * An audit's Jacobian is made of the same graph that the engine reads, by derivatives of its own: one class does that. And an export puts into
     * words what a portable program says.
     */
    @Test
    void theEnginesInternalsStayInTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "engine..")
                .and()
                .resideOutsideOfPackage(ROOT + "inference.export..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "laboratory.audit.Linearizer")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "engine.*..")
                .check(OURS);
    }

    /** A plan is plain data: what a machine is like is handed in, and no tensor library is needed to make or interpret one. */
    @Test
    void planningKnowsNoMachine() {
        classes()
                .that()
                .resideInAPackage(ROOT + "engine.plan..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "engine.plan..", "java..")
                .check(OURS);
        classes()
                .that()
                .resideInAPackage(ROOT + "engine.planning..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "engine.planning..", ROOT + "engine.plan..", "java..")
                .check(OURS);
    }

    @Test
    void onlyDevicesKnowTheirMachine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "engine.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.dnnl..")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "engine..")
                .and()
                .resideOutsideOfPackage(ROOT + "engine.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "engine.cpu..")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "engine.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "engine.cuda..", "com.sun.jna..")
                .check(OURS);
    }

    @Test
    void theCommandLinesLibrariesStayThere() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ch.qos.logback..", "picocli..")
                .check(OURS);
    }

    @Test
    void nobodyUsesTheOldJacksonInsideNd4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j.shade..")
                .check(OURS);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void classesHaveNoCirclesButTheseFew() {
        List<Set<String>> circles = circles();
        circles.removeIf(
                circle -> CIRCLES.stream().anyMatch(known -> known.files().containsAll(circle)));
        List<Set<String>> sealed = OURS.stream()
                .map(JavaClass::reflect)
                .filter(Class::isSealed)
                .map(type -> permitted(type).collect(Collectors.toSet()))
                .toList();
        circles.removeIf(circle -> sealed.stream().anyMatch(family -> family.containsAll(circle)));
        assertThat(circles).isEmpty();
    }

    /** The files of a sealed type and of all that it permits, and that those permit. */
    private static Stream<String> permitted(Class<?> type) {
        Stream<String> itself = Stream.of(file(type));
        return type.isSealed()
                ? Stream.concat(
                        itself, Arrays.stream(type.getPermittedSubclasses()).flatMap(ArchitectureTest::permitted))
                : itself;
    }

    private static String file(Class<?> type) {
        return type.getEnclosingClass() == null ? type.getSimpleName() : file(type.getEnclosingClass());
    }

    /** Sets of two or more files of which each needs every other (Tarjan 1972), by the simple names of their classes. */
    private static List<Set<String>> circles() {
        Map<JavaClass, Set<JavaClass>> arrows = new LinkedHashMap<>();
        for (JavaClass type : OURS) {
            JavaClass from = outermost(type);
            Set<JavaClass> to = arrows.computeIfAbsent(from, file -> new LinkedHashSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(arrow -> outermost(arrow.getTargetClass().getBaseComponentType()))
                    .filter(target -> !target.equals(from) && target.getName().startsWith(ROOT))
                    .forEach(to::add);
        }
        List<Set<String>> circles = new ArrayList<>();
        Map<JavaClass, Integer> order = new HashMap<>();
        Map<JavaClass, Integer> lowest = new HashMap<>();
        Deque<JavaClass> open = new ArrayDeque<>();
        arrows.keySet().forEach(file -> visit(file, arrows, order, lowest, open, circles));
        return circles;
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static void visit(
            JavaClass file,
            Map<JavaClass, Set<JavaClass>> arrows,
            Map<JavaClass, Integer> order,
            Map<JavaClass, Integer> lowest,
            Deque<JavaClass> open,
            List<Set<String>> circles) {
        if (order.putIfAbsent(file, order.size()) != null) {
            return;
        }
        int number = order.get(file);
        lowest.put(file, number);
        open.push(file);
        for (JavaClass target : arrows.getOrDefault(file, Set.of())) {
            visit(target, arrows, order, lowest, open, circles);
            if (open.contains(target)) {
                lowest.merge(file, lowest.get(target), Math::min);
            }
        }
        if (lowest.get(file) == number) {
            Set<String> circle = new TreeSet<>();
            JavaClass member;
            do {
                member = open.pop();
                circle.add(member.getSimpleName());
            } while (!member.equals(file));
            if (circle.size() > 1) {
                circles.add(circle);
            }
        }
    }

    @Test
    void packagesAreSmallEnoughToOversee() {
        Map<String, List<String>> tooBig = topLevel().stream()
                .collect(Collectors.groupingBy(
                        JavaClass::getPackageName,
                        Collectors.mapping(JavaClass::getSimpleName, Collectors.toCollection(ArrayList::new))));
        tooBig.values().removeIf(types -> types.size() <= MOST_CLASSES);
        assertThat(tooBig).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Set<String> packages =
                topLevel().stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        packages.removeIf(name -> OURS.stream().anyMatch(type -> type.getName().equals(name + ".package-info")));
        assertThat(packages).as("packages without a package-info").isEmpty();
    }

    @Test
    void noNameIsThereTwice() {
        Map<String, List<String>> twice = topLevel().stream()
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        Collectors.mapping(JavaClass::getName, Collectors.toCollection(ArrayList::new))));
        twice.values().removeIf(names -> names.size() == 1);
        assertThat(twice).isEmpty();
    }

    private static List<JavaClass> topLevel() {
        return OURS.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .toList();
    }

    private static String[] packages(String... modules) {
        return Arrays.stream(modules).map(module -> ROOT + module + "..").toArray(String[]::new);
    }
}
