package org.likelihood4j.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.Printable;
import picocli.CommandLine.Option;

/** Of which classes a conditional model is to make something. */
public final class ClassOption {
    private static final int MOST_NAMED = 20;

    @Option(
            names = "--class",
            paramLabel = "CLASS[,CLASS...]",
            description = "Of these classes, by name or number from 0, of a model with a condition; may be repeated;"
                    + " default: of each.")
    private List<String> given = List.of();

    /**
     * The numbers of the classes that were asked for, or of all; none of a model without a condition.
     *
     * @throws UserError if there is no such class, or the model has no condition
     */
    public int[] of(TrainedModel model) {
        int count = model.condition().map(condition -> condition.classes()).orElse(0);
        if (count == 0 && !given.isEmpty()) {
            throw new UserError("--class is for models that are told each example's class (model.condition: label);"
                    + " the run '" + model.config().name() + "' has another");
        }
        return given.isEmpty()
                ? IntStream.range(0, count).toArray()
                : words(model.classes()).stream()
                        .mapToInt(word -> number(word, count, model.classes()))
                        .toArray();
    }

    /** What stands between the commas. A name may have commas itself: of what could be one class or several, it is the one. */
    private List<String> words(List<String> names) {
        List<String> words = new ArrayList<>();
        for (String text : given) {
            List<String> pieces = List.of(text.split(",", -1));
            for (int from = 0; from < pieces.size(); ) {
                int to = pieces.size();
                while (to > from + 1 && !names.contains(String.join(",", pieces.subList(from, to)))) {
                    to--;
                }
                words.add(String.join(",", pieces.subList(from, to)));
                from = to;
            }
        }
        return words;
    }

    /** For the name of a file, another one for other classes. */
    public String suffix(TrainedModel model) {
        if (given.isEmpty()) {
            return "";
        }
        List<String> classes = words(model.classes());
        boolean plain = classes.stream()
                .allMatch(
                        word -> word.indexOf('-') < 0 && RunConfig.nameOf(word).equals(word));
        return "-class-" + RunConfig.nameOf(String.join("-", classes))
                + (plain ? "" : "-" + Integer.toHexString(classes.hashCode()));
    }

    private static int number(String word, int count, List<String> names) {
        int named = names.indexOf(word);
        if (named >= 0) {
            return named;
        }
        if (word.matches("[0-9]{1,7}") && Integer.parseInt(word) < count) {
            return Integer.parseInt(word);
        }
        String known = names.isEmpty() || names.size() > MOST_NAMED
                ? ""
                : names.stream().map(Printable::item).collect(Collectors.joining(", ", " (", ")"));
        throw new UserError("--class: there is no class '" + Printable.line(Printable.shorten(word))
                + "'; there are 0 to " + (count - 1) + Printable.line(known));
    }

    /** For people. */
    public static String name(int label, List<String> names) {
        return label < names.size() ? Printable.item(names.get(label)) : Integer.toString(label);
    }
}
