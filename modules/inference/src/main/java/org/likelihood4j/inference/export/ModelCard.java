package org.likelihood4j.inference.export;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;

/**
 * A model card: the {@code README.md} of an export, for people, with the metadata in front of it that the hubs of models read (Mitchell et al., Model
 * Cards for Model Reporting, 2019). It says what is known, and of what is not that it is not; nothing in it is of the machine it was made on.
 */
final class ModelCard {
    /** Pairs that Map.of takes. */
    private static final int MOST_OF_MAP = 10;

    private static final List<String> SPLITS = List.of("test", "validation", "train");

    private final RunConfig config;
    private final TrainedModel trained;
    private final ExportDescription description;
    private final RunState state;
    private final List<Evaluation> evaluations;
    private final boolean onnx;
    private final List<String> lines = new ArrayList<>();

    /**
     * Of a checkpoint.
     *
     * @param checkpoint as the user has named it
     * @param onnx whether there are ONNX files
     */
    ModelCard(RunDirectory run, String checkpoint, TrainedModel trained, ExportDescription description, boolean onnx) {
        this.config = trained.config();
        this.trained = trained;
        this.description = description;
        this.state = CheckpointFolder.readState(new Checkpoints(run).locate(checkpoint));
        String weights = Calibration.Weights.of(run, checkpoint).sha256();
        this.evaluations = SPLITS.stream()
                .flatMap(split -> evaluation(run, split).stream())
                .filter(evaluation -> weights.equals(evaluation.weights()))
                .toList();
        this.onnx = onnx;
    }

    /** What cannot be read keeps nobody from an export. */
    private static Optional<Evaluation> evaluation(RunDirectory run, String split) {
        try {
            return Files.exists(run.evaluation(split)) ? Optional.of(Evaluation.read(run, split)) : Optional.empty();
        } catch (RunException e) {
            return Optional.empty();
        }
    }

    String text() {
        metadata();
        model();
        use();
        figures();
        data();
        limits();
        return String.join("\n", lines) + "\n";
    }

    private void metadata() {
        say("---", "library_name: likelihood4j", "tags:");
        say("- " + kind());
        say("- density-estimation");
        if (description.calibration() != null) {
            say("- anomaly-detection");
        }
        say("- " + (isTable() ? "tabular" : "image"));
        if (onnx) {
            say("- onnx");
        }
        say("---");
    }

    private void model() {
        Model model = trained.values().model();
        String what = model instanceof ExactDensityModel
                ? "A density"
                : model instanceof LatentVariableModel ? "A latent-variable model" : "A model";
        say("", "# " + text(config.name()), "");
        say(what + " (`" + kind() + "`) of " + trained.shape().noun() + " of "
                + text(trained.shape().toString()) + ": "
                + String.format(
                        Locale.ROOT, "%,d", trained.values().parameters().length()) + " parameters, "
                + description.precision() + ", " + description.weights() + ". " + trainedBy());
        say(
                "",
                "`config.yaml` is the whole configuration of the training, `model.json` what each function means, `program.json` what");
        say("it computes, `weights.safetensors` of what.");
    }

    private String trainedBy() {
        if (state.provenance().get(Provenance.IMPORTED) instanceof Map<?, ?> from) {
            return "Imported from an export of the run " + text(String.valueOf(from.get("run"))) + ", checkpoint "
                    + text(String.valueOf(from.get("checkpoint"))) + ", and not trained since.";
        }
        return "Trained with Likelihood4J " + origin("likelihood4j") + " (revision " + origin("revision")
                + "); checkpoint " + description.checkpoint() + ", after " + state.epoch() + " epochs and "
                + state.step() + " steps.";
    }

    private void use() {
        say("", "## Use", "", "```java");
        say(
                "Scorer scorer = Scorer.open(Path.of(\"FOLDER\"));      // org.likelihood4j:likelihood4j-score, which needs nothing else");
        if (trained.values().model().hasLikelihood()) {
            String told = trained.condition().isPresent() ? ".labelled(0)" : "";
            say(
                    isTable()
                            ? "Rows rows = Rows.of(scorer.row(" + exampleCells() + "))" + told
                                    + ";  // each column's cell, as a file would have it"
                            : "Rows rows = Rows.ofImages(pixels)" + told
                                    + ";  // bytes, channel by channel, row by row");
            say("double nats = scorer.logProb(rows)[0];");
            if (description.calibration() != null) {
                say("boolean strange = scorer.alarms(rows)[0];");
            }
        }
        if (trained.condition().isEmpty() && trained.given().isEmpty()) {
            say("double[][] drawn = scorer.sample(16, 1, 1);             // how many, temperature, seed");
        }
        say("```", "");
        if (onnx) {
            say("`onnx/` has a file for each function; `model.json` says what their inputs are.", "");
        }
        say("`./run.sh import FOLDER` of Likelihood4J makes a run of it again, from which other trainings can start.");
    }

    /** A map of cells that can be read, of no example of the data; of many columns only how it begins. */
    private String exampleCells() {
        boolean few = columns().size() <= MOST_OF_MAP;
        return columns().stream()
                .limit(MOST_OF_MAP)
                .map(column -> "\"" + code(column.name()) + "\", \"" + code(cell(column.kind())) + "\"")
                .map(entry -> few ? entry : "Map.entry(" + entry + ")")
                .collect(Collectors.joining(", ", few ? "Map.of(" : "Map.ofEntries(", few ? ")" : ", ...)"));
    }

    private static String cell(ColumnKind kind) {
        return kind.text(kind.holds(1) ? 1 : kind.holds(0) ? 0 : kind.stored(0));
    }

    private void figures() {
        say("", "## Figures");
        if (evaluations.isEmpty()) {
            say("", "None were measured: `./run.sh evaluate` before `./run.sh export`.");
            return;
        }
        for (Evaluation evaluation : evaluations) {
            say(
                    "",
                    "Of " + evaluation.images() + " " + trained.shape().noun() + " of the " + evaluation.split()
                            + " set, with standard errors of the mean over them; importance-weighted ones of "
                            + evaluation.importanceSamples()
                            + " draws.");
            say("", "| | | |", "|---|---:|---|");
            for (Evaluation.Quantity quantity : evaluation.quantities()) {
                say("| " + text(quantity.name()) + " | " + value(quantity) + " | " + text(quantity.description())
                        + " |");
            }
        }
    }

    private static String value(Evaluation.Quantity quantity) {
        if (quantity.mean() == null) {
            return quantity.nonFinite() + " values are not finite";
        }
        String error = quantity.standardError() == null
                ? ""
                : String.format(Locale.ROOT, " +- %.3f", quantity.standardError());
        return String.format(Locale.ROOT, "%.3f%s %s", quantity.mean(), error, quantity.unit());
    }

    private void data() {
        say("", "## Data", "");
        say("Source: `data.type "
                + ConfigLoader.toTree(config).path("data").path("type").asString() + "` of `config.yaml`."
                + checksum());
        if (description.classes() != null) {
            say("Classes: "
                    + String.join(
                            ", ",
                            description.classes().stream().map(ModelCard::text).toList()) + ".");
        }
        if (isTable()) {
            say("", "| column | kind |", "|---|---|");
            columns()
                    .forEach(column -> say(
                            "| " + text(column.name()) + " | " + column.kind().word() + " |"));
        }
    }

    private String checksum() {
        return state.provenance().get("data_sha256") instanceof Map<?, ?> sums && sums.get("train") != null
                ? " SHA-256 of the training set: " + text(String.valueOf(sums.get("train"))) + "."
                : "";
    }

    private void limits() {
        say("", "## Limits", "");
        if (trained.values().model().hasLikelihood()) {
            say(
                    "- A density, and no probability that an example is an anomaly: how strange one is, a calibration on held-out data tells ("
                            + calibration() + ").");
            if (!(trained.values().model() instanceof ExactDensityModel)) {
                say("- log p(x) is estimated from below, by importance weighting; more draws come nearer.");
            }
            if (!isTable()) {
                say(
                        "- Models of images can give images of another kind a larger likelihood than their own (Nalisnick et al., 2019).");
            }
        }
        say("- What the training set had not, the model does not know; "
                + "it was not examined for fairness or for what of single examples it reveals.");
        say("- Licence: not stated. Whoever shares this model adds one, of the data's too.");
    }

    private String calibration() {
        return description.calibration() == null
                ? "this export has none"
                : "this one has: of "
                        + (description.calibration().scores().length
                                + description.calibration().overflows())
                        + " examples, for a share of false alarms of "
                        + description.calibration().falseAlarms();
    }

    private String kind() {
        return description.model().path("type").asString();
    }

    private boolean isTable() {
        return trained.shape() instanceof VectorShape;
    }

    private List<Column> columns() {
        return ((VectorShape) trained.shape()).columns();
    }

    private String origin(String key) {
        return text(
                String.valueOf(Optional.ofNullable(state.provenance().get(key)).orElse(EnvironmentProvenance.UNKNOWN)));
    }

    private void say(String... more) {
        lines.addAll(List.of(more));
    }

    /** Names are a user's, and no markup. */
    private static String text(String raw) {
        return Printable.line(raw).replaceAll("([\\\\`*_\\[\\]<>#|])", "\\\\$1");
    }

    private static String code(String raw) {
        return Printable.line(raw).replace("\\", "\\\\").replace("\"", "\\\"").replace("`", "'");
    }
}
