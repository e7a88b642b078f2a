package org.likelihood4j.cli.options;

import java.util.Locale;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.TrainedModel;
import picocli.CommandLine.Option;

/** Which of a run's examples a command is shown. */
public final class SplitOptions {
    @Option(names = "--split", description = "train, validation or test; default: ${DEFAULT-VALUE}.")
    private RunOptions.Split split = RunOptions.Split.TEST;

    /** At least one example. */
    public Examples examples(TrainedModel model, Console console) {
        Examples set = split.of(RunOptions.data(model.config(), console));
        if (set.size() == 0) {
            throw new UserError(
                    "the run has no " + split + " " + model.shape().noun() + "; choose another with --split");
        }
        return set;
    }

    /** Checks that an option's value is the place of an image. */
    public void requireImage(String option, int image, Examples set) {
        if (image < 0 || image >= set.size()) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "%s: there is no image %d: the run has %,d %s images, 0 to %d",
                    option,
                    image,
                    set.size(),
                    split,
                    set.size() - 1));
        }
    }

    /** The split's name. */
    @Override
    public String toString() {
        return split.toString();
    }
}
