package org.likelihood4j.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.EvidenceGap;
import org.likelihood4j.runs.FlowLayers;
import org.likelihood4j.runs.LatentSpace;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.metrics.MetricsReader;

/** Reads one run's folder, and again as it grows: of {@code metrics.jsonl} only what is new. */
public final class RunReader {
    private static final int MOST_ROWS = 1500;
    static final List<String> SPLITS = List.of("test", "validation", "train");

    private final RunDirectory run;
    private final MetricsReader metrics;
    private final RunHistory history = new RunHistory();

    private RunReader(RunDirectory run) {
        this.run = run;
        this.metrics = new MetricsReader(run.metrics());
    }

    /**
     * Reads nothing yet.
     *
     * @throws RunException if the folder is not a run's
     */
    public static RunReader open(Path folder) {
        return new RunReader(RunDirectory.open(folder));
    }

    /**
     * What the folder says now.
     *
     * @param mostPictures of each kind
     * @throws RunException if the metrics are there and cannot be read; what else cannot be read is noted in the report
     */
    public RunReport read(int mostPictures) {
        metrics.read(history);
        boolean training = run.isTraining();
        List<String> notes = history.notes(training ? 0 : trained());
        if (metrics.endsWithinLine() && !training) {
            notes.add("metrics.jsonl: left out the last line, which was cut off");
        }
        Map<String, String> config = config(notes);
        Map<String, String> provenance = history.provenance();
        RunHistory.Course course = history.course(MOST_ROWS);
        String model = JsonValues.name(config.getOrDefault("model.type", ""));
        RunReport.Origin origin = new RunReport.Origin(
                model,
                provenance.getOrDefault("data", JsonValues.name(config.getOrDefault("data.type", ""))),
                planned(config),
                ModelAbilities.of(history.abilities(), model, course.tables()),
                config,
                provenance);
        List<Evaluation> evaluations = evaluations(notes);
        Map<String, List<Picture>> pictures = pictures(mostPictures, notes);
        RunReport.Findings findings = new RunReport.Findings(
                found(EvidenceGap::read, notes), found(LatentSpace::read, notes), found(FlowLayers::read, notes));
        return new RunReport(
                Printable.line(
                        run.path().toAbsolutePath().normalize().getFileName().toString()),
                origin,
                course,
                Headline.of(evaluations, course.tables()),
                List.copyOf(notes),
                evaluations,
                pictures,
                findings);
    }

    /** The epochs that the last checkpoint has behind it; 0 if it cannot tell. */
    private long trained() {
        try {
            return CheckpointFolder.readState(new Checkpoints(run).locate("last"))
                    .epoch();
        } catch (RunException e) {
            return 0;
        }
    }

    private Map<String, String> config(List<String> notes) {
        try {
            return ConfigLoader.values(run.config());
        } catch (ConfigException e) {
            notes.add(within(e.getMessage()));
            return Map.of();
        }
    }

    private static long planned(Map<String, String> config) {
        String epochs = config.getOrDefault("training.epochs", "");
        return epochs.matches("\\d{1,9}") ? Long.parseLong(epochs) : 0;
    }

    private List<Evaluation> evaluations(List<String> notes) {
        List<Evaluation> evaluations = new ArrayList<>();
        for (String split : SPLITS) {
            if (Files.exists(run.evaluation(split))) {
                try {
                    evaluations.add(Evaluation.read(run, split));
                } catch (RunException e) {
                    notes.add(within(e.getMessage()));
                }
            }
        }
        return evaluations;
    }

    private <T> T found(BiFunction<RunDirectory, String, Optional<T>> reader, List<String> notes) {
        try {
            return reader.apply(run, Checkpoints.BEST).orElse(null);
        } catch (RunException e) {
            notes.add(within(e.getMessage()));
            return null;
        }
    }

    private Map<String, List<Picture>> pictures(int most, List<String> notes) {
        try {
            return Picture.of(run, most);
        } catch (IOException | UncheckedIOException e) {
            notes.add(within("the pictures cannot be read: " + e.getMessage()));
            return Map.of();
        }
    }

    /** A message without the folder, which is nobody's business whom the page is sent to. */
    private String within(String message) {
        return Printable.line(message.replace(run.path() + "/", ""));
    }
}
