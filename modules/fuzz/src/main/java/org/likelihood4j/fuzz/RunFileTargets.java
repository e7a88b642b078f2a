package org.likelihood4j.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.compare.ComparisonRecord;
import org.likelihood4j.laboratory.compare.ComparisonResult;
import org.likelihood4j.laboratory.compare.GradientVariance;
import org.likelihood4j.runs.AlarmScore;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.EvidenceGap;
import org.likelihood4j.runs.InputNames;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsReader;
import org.likelihood4j.runs.statistics.AlarmThreshold;
import org.likelihood4j.runs.statistics.ConformalScores;
import tools.jackson.databind.JsonNode;

/** The files of a run and of a comparison; in this package, because not all of their readers are public. */
public final class RunFileTargets {
    private RunFileTargets() {}

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /** {@code state.json} of a checkpoint. */
    public static final class State implements Target {
        @Override
        public String name() {
            return "state";
        }

        @Override
        public String description() {
            return "a checkpoint's state.json, read, written and read again";
        }

        @Override
        public List<String> words() {
            return List.of(
                    "formatVersion",
                    "epoch",
                    "step",
                    "progress",
                    "best",
                    "value",
                    "validationsSince",
                    "bestEpoch",
                    "bestValue",
                    "validationsSinceBest",
                    "provenance",
                    "NaN",
                    "1e999999999",
                    "9223372036854775807",
                    "9223372036854775808",
                    "@class",
                    "java.net.URL",
                    "\\\\u001b",
                    "\\\\ud800");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    "{\"formatVersion\":4,\"progress\":{\"epoch\":2,\"step\":40},\"best\":{\"epoch\":1,\"value\":-1.5,"
                            + "\"validationsSince\":1},\"start\":null,\"worse\":false,\"rollbacks\":[],\"running\":null,"
                            + "\"provenance\":{}}",
                    "{\"formatVersion\":2,\"epoch\":2,\"step\":40,\"bestEpoch\":1,\"bestValue\":-1.5,"
                            + "\"validationsSinceBest\":1,\"rollbacks\":[{\"step\":9,\"toStep\":5,\"problem\":\"p\",\"learningRateFactor\":0.5}],\"running\":{\"report\":[{\"count\":1,\"nonFinite\":0,\"mean\":1.5,\"squares\":0}],\"epoch\":[]},\"provenance\":{\"seed\":1,\"versions\":{\"java\":\"17\"}}}",
                    "{\"formatVersion\":1,\"epoch\":0,\"step\":0,\"bestEpoch\":0,\"bestValue\":null,"
                            + "\"validationsSinceBest\":0,\"provenance\":{}}",
                    "null");
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path file = Files.write(folder.resolve("state.json"), input);
            RunState state;
            try {
                state = CheckpointFolder.readState(folder);
            } catch (RunException e) {
                Refusals.check(e, file.toString(), text(input));
                return;
            }
            Refusals.require(
                    state.epoch() >= 0
                            && state.step() >= 0
                            && state.best().epoch() >= 0
                            && state.best().epoch() <= state.epoch()
                            && state.best().validationsSince() >= 0,
                    "not a state that a training can be in: " + state);
            String written = JsonFiles.PRETTY.writeValueAsString(state);
            Files.writeString(file, written);
            Refusals.require(CheckpointFolder.readState(folder).equals(state), "reads differently: " + written);
        }
    }

    /** A run's {@code last} and {@code best}, and the name of a checkpoint: three lines. */
    public static final class Pointers implements Target {
        @Override
        public String name() {
            return "pointers";
        }

        @Override
        public String description() {
            return "a run's last, best and a checkpoint's name, a line each";
        }

        @Override
        public List<String> words() {
            return List.of("epoch-0001", "epoch-0002", "-step-", "../", "last", "best", "\\x00", "\\x1b[31m");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    "epoch-0001\nepoch-0001\nepoch-0001",
                    "epoch-0001-step-0000007\n../epoch-0002\nbest",
                    "../../outside/epoch-0003\n/tmp\nlast",
                    "\n\n..");
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path path = folder.resolve("run");
            Path checkpoints = path.resolve("checkpoints");
            AtomicFiles.createFolders(checkpoints.resolve("epoch-0001"));
            AtomicFiles.createFolders(checkpoints.resolve("epoch-0001-step-0000007"));
            AtomicFiles.createFolders(path.resolve("epoch-0002"));
            AtomicFiles.createFolders(folder.resolve("outside").resolve("epoch-0003"));
            Files.writeString(path.resolve("config.yaml"), "model: {type: vae}\n");
            String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", 3);
            write(checkpoints.resolve("last"), lines, 0);
            write(checkpoints.resolve("best"), lines, 1);
            Checkpoints run = new Checkpoints(RunDirectory.open(path));
            String name = lines.length < 3 ? "last" : new String(bytes(lines[2]), StandardCharsets.UTF_8);
            for (String checkpoint : List.of("last", "best", name)) {
                try {
                    Path found = run.locate(checkpoint).toRealPath();
                    Refusals.require(
                            checkpoints.toRealPath().equals(found.getParent()), "not one of the run's: " + found);
                } catch (RunException e) {
                    Refusals.check(e, checkpoints.toString(), text(input) + name);
                }
            }
        }

        private static void write(Path file, String[] lines, int line) throws IOException {
            Files.write(file, line < lines.length ? bytes(lines[line]) : new byte[0]);
        }

        private static byte[] bytes(String line) {
            return line.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** {@code comparison.json}. */
    public static final class Comparison implements Target {
        private static final ComparisonRecord OTHER = new ComparisonRecord(
                1, JsonFiles.LINE.readTree("{\"config\":{\"seed\":1},\"variants\":[\"a\",\"b\"]}"), List.of());

        @Override
        public String name() {
            return "comparison";
        }

        @Override
        public String description() {
            return "comparison.json, read, written, read again and compared with another";
        }

        @Override
        public List<String> words() {
            return List.of(
                    "formatVersion",
                    "settings",
                    "results",
                    "variant",
                    "folder",
                    "outcome",
                    "completed",
                    "diverged",
                    "problem",
                    "evaluation",
                    "quantities",
                    "gradientVariance",
                    "nonFinite",
                    "../",
                    "NaN",
                    "1e999999999",
                    "@class",
                    "java.net.URL",
                    "\\\\u001b");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    JsonFiles.LINE.writeValueAsString(OTHER),
                    "{\"formatVersion\":1,\"settings\":{\"config\":{\"seed\":2}},\"results\":[{\"variant\":\"a\","
                            + "\"seed\":1,\"folder\":\"a-seed1\",\"outcome\":\"completed\",\"problem\":null,"
                            + "\"steps\":5,\"seconds\":1.5,\"secondsPerStep\":null,\"gradientVariance\":"
                            + "{\"estimator\":\"path\",\"mu\":1,\"sigma\":2},\"evaluation\":{\"run\":\"r\","
                            + "\"checkpoint\":\"best\",\"split\":\"test\",\"images\":3,\"seed\":1,"
                            + "\"importanceSamples\":2,\"repeats\":1,\"quantities\":[{\"name\":\"elbo\","
                            + "\"unit\":\"nats\",\"mean\":-1.5,\"standardError\":0.1,\"spread\":null,"
                            + "\"nonFinite\":0,\"description\":\"d\"}],\"seconds\":0.5}}]}");
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path file = Files.write(folder.resolve("comparison.json"), input);
            ComparisonRecord record;
            try {
                record = ComparisonRecord.read(file);
            } catch (RunException e) {
                Refusals.check(e, file.toString(), text(input));
                return;
            }
            for (ComparisonResult result : record.results()) {
                Path run = folder.resolve(result.folder()).normalize();
                Refusals.require(folder.equals(run.getParent()), "a run outside of its comparison: " + run);
                Refusals.require(
                        result.describe().chars().noneMatch(Character::isISOControl), "prints a control character");
            }
            record.write(file);
            Refusals.require(ComparisonRecord.read(file).equals(record), "does not read as it was written");
            try {
                record.requireSame(OTHER.settings(), file);
            } catch (RunException e) {
                Refusals.check(e, file.toString(), text(input));
            }
        }
    }

    /** {@code inputs.json}. */
    public static final class Inputs implements Target {
        @Override
        public String name() {
            return "inputs";
        }

        @Override
        public String description() {
            return "a run's inputs.json, asked for a name, written and read again";
        }

        @Override
        public List<String> words() {
            return List.of("formatVersion", "inputs", "table", "table-2", "null", "../", "@class", "\\\\ud800");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    "{\"formatVersion\":1,\"inputs\":{\"table\":\"/a/table.csv\",\"table-2\":\"/b/table.csv\"}}",
                    "{\"formatVersion\":1,\"inputs\":{\"../table\":\"/a\\u001b\"}}");
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            RunDirectory run = new RunDirectory(folder);
            Path file = Files.write(folder.resolve("inputs.json"), input);
            Path mine = Path.of("/mine/table.csv");
            String name;
            try {
                name = InputNames.read(run).name("table", mine);
            } catch (RunException e) {
                Refusals.check(e, file.toString(), text(input));
                return;
            }
            Refusals.require(name.matches("table(-[0-9]+)?"), "another name than was asked for: " + name);
            InputNames.keep(run, name, mine);
            Refusals.require(InputNames.read(run).name("table", mine).equals(name), "a name is not kept: " + name);
        }
    }

    /** {@code calibration.json}. */
    public static final class Calibrations implements Target {
        @Override
        public String name() {
            return "calibration";
        }

        @Override
        public String description() {
            return "a run's calibration.json, asked for p-values and a threshold, written and read again";
        }

        @Override
        public List<String> words() {
            return List.of(
                    "weights",
                    "source",
                    "falseAlarms",
                    "scores",
                    "overflows",
                    "reference",
                    "1e999",
                    "null",
                    "0.001",
                    "score",
                    "typical",
                    "mean",
                    "covariance",
                    "examples",
                    "typicality",
                    "likelihood");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    "{\"formatVersion\":1,\"weights\":{\"checkpoint\":\"epoch-0001\",\"sha256\":\"00\"},\"source\":{\"data\":"
                            + "\"validation\",\"importanceSamples\":1,\"seed\":7},\"falseAlarms\":0.2,\"scores\":[-1.5,2,2,3,4e9],"
                            + "\"overflows\":1,\"reference\":[[1,2],[3,4]]}",
                    "{\"formatVersion\":1,\"weights\":{\"checkpoint\":\"epoch-0001\",\"sha256\":\"00\"},\"source\":{\"data\":"
                            + "\"test\",\"importanceSamples\":1,\"seed\":7},\"score\":\"joint_typicality\",\"typical\":{\"mean\":[1,2],"
                            + "\"covariance\":[[2,1],[1,2]],\"examples\":3},\"falseAlarms\":0.2,\"scores\":[0,1],\"overflows\":0,"
                            + "\"reference\":[[1,2],[3,4]]}");
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            RunDirectory run = new RunDirectory(folder);
            Path file = Files.write(folder.resolve("calibration.json"), input);
            Calibration calibration;
            try {
                calibration = Calibration.read(run, "best").orElseThrow();
            } catch (RunException e) {
                Refusals.check(e, file.toString(), text(input));
                return;
            }
            ConformalScores scores = calibration.conformal();
            double p = scores.pValue(calibration.scores()[0]);
            Refusals.require(p > 0 && p <= 1, "a p-value of " + p);
            if (scores.size() >= ConformalScores.least(calibration.falseAlarms())) {
                AlarmThreshold threshold = scores.threshold(calibration.falseAlarms());
                Refusals.require(
                        threshold.low() >= 0 && threshold.low() <= threshold.high() && threshold.high() <= 1,
                        "no interval: " + threshold);
            }
            if (calibration.kind() == AlarmScore.JOINT_TYPICALITY) {
                double distance = calibration.typical().distance(1, 2);
                Refusals.require(distance >= 0, "a distance of " + distance);
            }
            calibration.save(run, "best");
            Refusals.require(
                    Arrays.equals(
                            calibration.scores(),
                            Calibration.read(run, "best").orElseThrow().scores()),
                    "does not read as it was written");
        }
    }

    /** {@code gap.json}. */
    public static final class Gaps implements Target {
        @Override
        public String name() {
            return "gap";
        }

        @Override
        public String description() {
            return "a run's gap.json, written and read again";
        }

        @Override
        public List<String> words() {
            return List.of(
                    "formatVersion",
                    "weights",
                    "settings",
                    "quantities",
                    "simulated",
                    "examples",
                    "withoutLocal",
                    "logEvidence",
                    "elbo",
                    "1e999",
                    "null");
        }

        @Override
        public List<byte[]> corpus() {
            return texts("""
                    {"formatVersion":1,"weights":{"checkpoint":"epoch-0001","sha256":"00"},"split":"test","seed":1,"settings":{
                    "importanceSamples":16,"trainedBound":1,"chains":4,"temperatures":5,"leapfrogs":2,"start":"posterior","simulated":0},
                    "quantities":[{"name":"gap","mean":1.5,"standardError":null,"monteCarloError":0.1,"description":"d"}],"simulated":[],
                    "examples":[{"place":0,"label":3,"logEvidence":-90.5,"elbo":-92,"bound":null,"local":-91,"localBound":null,
                    "importance":-90.6,"annealed":-90.5,"effectiveChains":3,"spread":0.5,"acceptance":0.6}],"withoutLocal":null,"seconds":1.5}
                    """);
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            RunDirectory run = new RunDirectory(folder);
            Path file = Files.write(folder.resolve("gap.json"), input);
            EvidenceGap gap;
            try {
                gap = EvidenceGap.read(run, "best").orElseThrow();
            } catch (RunException e) {
                Refusals.check(e, file.toString(), text(input));
                return;
            }
            gap.save(run, gap.nameIn(run, "best"));
            Refusals.require(
                    gap.equals(EvidenceGap.read(run, "best").orElseThrow()), "does not read as it was written");
        }
    }

    /** {@code metrics.jsonl}. */
    public static final class Metrics implements Target {
        @Override
        public String name() {
            return "metrics";
        }

        @Override
        public String description() {
            return "metrics.jsonl, read by compare and by the report";
        }

        @Override
        public List<String> words() {
            return List.of("event", "epoch", "gradients", "estimator", "loss", "mu", "sigma", "variance", "1e999");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    "{\"event\":\"step\",\"step\":5}\n{\"event\":\"epoch\",\"gradients\":{\"estimator\":\"path\",\"loss\":"
                            + "{\"path\":{\"mu\":{\"variance\":1.5},\"sigma\":{\"variance\":2}}}}}\n",
                    "{}\n[]\n");
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            RunDirectory run = new RunDirectory(folder);
            Files.write(run.metrics(), input);
            try {
                GradientVariance.last(run);
            } catch (RunException e) {
                Refusals.check(e, run.metrics().toString(), text(input));
            }
            Lines lines = new Lines();
            new MetricsReader(run.metrics()).read(lines);
            Refusals.require(lines.told <= text(input).lines().count() + 1, "tells more lines than there are");
        }

        private static final class Lines implements MetricsReader.Sink {
            private long told;

            @Override
            public void restarted() {
                throw new AssertionError("nothing has changed");
            }

            @Override
            public void line(JsonNode line) {
                told++;
            }

            @Override
            public void damaged(long number) {
                told++;
            }
        }
    }
}
