package org.likelihood4j.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.program.DrawnProgram;
import org.likelihood4j.score.program.ExportProgram;

/**
 * A function of an export, and what its inputs are.
 *
 * @param drawn the same for many draws of each example, where that is worth it
 * @param inputs by their names, in the order of the file
 */
record ScorerFunction(String name, ExportProgram program, Optional<DrawnProgram> drawn, Map<String, Input> inputs) {
    /** What an input is of. */
    enum Kind {
        DATA,
        PRESENT,
        NOISE,
        CONDITION,
        GIVEN,
        WEIGHT,
        VALUE
    }

    /**
     * An input.
     *
     * @param noise where it is noise
     * @param places in a row, of what is given
     * @param first whether it is the first of all inputs
     */
    record Input(String name, Kind kind, int columns, Optional<NoiseFill> noise, List<Integer> places, boolean first) {}

    static ScorerFunction read(String name, Json signature, ExportProgram program, boolean single) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (Json json : signature.get("inputs").list()) {
            Input input = input(json, single, inputs.isEmpty());
            inputs.put(input.name(), input);
        }
        program.inputs().forEach((input, columns) -> {
            Input described = inputs.get(input);
            if (described == null || described.columns() != columns) {
                throw signature.unknown("the input '" + input + "' of " + columns + " columns that the program has");
            }
        });
        Set<String> renewed = inputs.values().stream()
                .filter(input -> input.noise()
                        .filter(noise -> noise.renewal() == NoiseFill.Renewal.DRAW)
                        .isPresent())
                .map(Input::name)
                .collect(Collectors.toSet());
        return new ScorerFunction(
                name, program, renewed.isEmpty() ? Optional.empty() : DrawnProgram.of(program, renewed), inputs);
    }

    private static Input input(Json json, boolean single, boolean first) {
        int columns = json.get("columns").integer(1, 1 << 28);
        Kind kind = kind(json.get("kind"));
        List<Integer> places = new ArrayList<>();
        if (kind == Kind.GIVEN) {
            for (int place : json.get("places").integers(0, 1 << 20)) {
                places.add(place);
            }
            if (places.size() != columns) {
                throw json.unknown("a place for each of its columns");
            }
        }
        return new Input(
                json.get("name").text(),
                kind,
                columns,
                kind == Kind.NOISE ? Optional.of(NoiseFill.read(json, single, columns)) : Optional.empty(),
                List.copyOf(places),
                first);
    }

    private static Kind kind(Json json) {
        for (Kind kind : Kind.values()) {
            if (kind.name().equalsIgnoreCase(json.text())) {
                return kind;
            }
        }
        throw json.unknown("a kind of input of format version 3");
    }

    /**
     * Checks that the inputs are those of examples.
     *
     * @param dimension numbers of an example
     * @param classes that it may be of; 0 where the model is told none
     */
    void check(Json signature, int dimension, int classes) {
        for (Input input : inputs.values()) {
            int expected = switch (input.kind()) {
                case DATA, PRESENT -> dimension;
                case CONDITION -> classes;
                default -> input.columns();
            };
            if (input.columns() != expected || input.places().stream().anyMatch(place -> place >= dimension)) {
                throw signature.unknown("an input " + input.name() + " of the example's " + expected + " columns");
            }
        }
    }

    boolean has(Kind kind) {
        return inputs.values().stream().anyMatch(input -> input.kind() == kind);
    }
}
