package org.likelihood4j.cli.session;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a config for a person's own table begins with: the sizes and the training of {@code configs/tables}, which have
 * been measured on tables of 100 to 6,000 rows. The defaults, which are for images, learn such a table by heart.
 */
public final class TableChoices {
    private static final int EPOCHS = 200;
    private static final int FEWEST_EPOCHS = 10;
    private static final int BATCH_SIZE = 64;

    /** How many rows a training sees in all where there are many of them: as at 20,000 rows. */
    private static final long SEEN = 4_000_000;

    /** How many times a training is looked at by its validation rows, which end it where they get worse. */
    private static final int VALIDATIONS = 40;

    private TableChoices() {}

    /**
     * The keys and their YAML.
     *
     * @param model its type; one from elsewhere keeps its own defaults
     * @param rows of the table
     */
    public static Map<String, String> of(String model, long rows) {
        Map<String, String> choices = new LinkedHashMap<>();
        if (model.equals("realnvp")) {
            choices.put("model.couplings", "6");
            choices.put("model.conditioner", "{hidden: [64, 64], activation: relu, dropout: 0.1}");
        } else if (model.equals("vae")) {
            choices.put("model.latent", "8");
            choices.put("model.encoder", "{hidden: [64, 64], activation: relu}");
            choices.put("model.decoder", "{hidden: [64, 64], activation: relu}");
        }
        long epochs = Math.max(FEWEST_EPOCHS, Math.min(EPOCHS, SEEN / Math.max(1, rows)));
        choices.put("training.epochs", Long.toString(epochs));
        // Else the default, which is all rows where there are no more: some are held out, and others may have gaps.
        if (rows >= 4 * BATCH_SIZE) {
            choices.put("training.batchSize", Integer.toString(BATCH_SIZE));
        }
        choices.put("training.optimizer", "{type: adam, learningRate: 1.0e-3, weightDecay: 1.0e-3}");
        choices.put("training.clipNorm", "10");
        choices.put("training.emaDecay", "0.99");
        choices.put("training.earlyStopping", "{patience: 8}");
        choices.put("training.validateEvery", Long.toString(Math.max(1, epochs / VALIDATIONS)));
        return choices;
    }
}
