package org.likelihood4j.inference.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.compiled.PortableEngine;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.inference.ServedFunction;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionOutput;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;

/** The functions of a model that an export has, by their names there. */
enum ExportedFunction {
    LOG_WEIGHT(
            ServedFunction.LOG_WEIGHT,
            "log w, nats, at one draw of the noise: of a flow log p(v), v the data with their noise; of a VAE log p(x|z) + log p(z) - log"
                    + " q(z|x), z drawn from q. log p(x) is estimated by the log of the mean of w over draws, from below") {
        @Override
        boolean isOf(Model model) {
            return model.hasLikelihood();
        }
    },
    ENCODE(ServedFunction.ENCODE, "the latents of data: of a VAE the mean of q(z|x), of a flow f(x)"),
    DECODE(ServedFunction.DECODE, "the data of latents: of a VAE the mean of p(x|z), of a flow the inverse of f"),
    RECONSTRUCT(ServedFunction.RECONSTRUCT, "what the model is shown of data, and what it makes of that"),
    SAMPLE(ServedFunction.SAMPLE, "data of noise; normal noise may be scaled by a temperature before") {
        @Override
        boolean isOf(Model model) {
            return true;
        }
    },
    COMPLETE(
            ServedFunction.COMPLETE,
            "rows whose missing cells are drawn given the others, and the log-weight of each") {
        @Override
        boolean isOf(Model model) {
            return model.complete().isPresent();
        }
    };

    private final ServedFunction served;
    private final String meaning;

    ExportedFunction(ServedFunction served, String meaning) {
        this.served = served;
        this.meaning = meaning;
    }

    /** Those that a model has. */
    static List<ExportedFunction> of(Model model) {
        return Stream.of(values()).filter(function -> function.isOf(model)).toList();
    }

    /** Whether the model has it. */
    boolean isOf(Model model) {
        return model.latentGeometry().isPresent();
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Compiled for any number of examples.
     *
     * @throws org.likelihood4j.engine.plan.UnportableException if it has an operation that programs have not
     */
    PortableProgram compiled(ModelValues values) {
        return PortableEngine.compile(
                examples -> {
                    ModelFunction function = served.of(values.model());
                    return new Computation(
                            function.graph(),
                            InputArrays.declare(function.inputs(), values.type(), examples),
                            outputs(function).stream().map(FunctionOutput::name).toList());
                },
                values.vectors());
    }

    /** A scalar would be of the whole batch. */
    private static List<FunctionOutput> outputs(ModelFunction function) {
        return function.outputs().stream()
                .filter(output -> !(output instanceof FunctionOutput.Scalar))
                .toList();
    }

    /** What it takes and gives. */
    Signature signature(Model model) {
        ModelFunction function = served.of(model);
        return new Signature(
                meaning,
                function.inputs().stream().map(ExportedFunction::described).toList(),
                outputs(function).stream().map(FunctionOutput::name).toList());
    }

    /**
     * What a function takes and gives.
     *
     * @param outputs their names
     */
    record Signature(String meaning, List<InputText> inputs, List<String> outputs) {}

    /**
     * An input, {@code [N, columns]}.
     *
     * @param kind {@code data}: stored numbers, pixels 0 to 255, missing ones 0; {@code present}: 1 where a cell is there, else 0; {@code noise};
     *     {@code condition}: 1 in the column of the example's class, else 0; {@code given}: the columns that the model is told, as they are
     *     stored; {@code weight}: one number, 1; {@code value}: what the caller chooses, such as latents
     * @param distribution of noise: {@code normal} or {@code uniform}; else null
     * @param renewal of noise: at every {@code draw}, once an example ({@code epoch}), or once and for all ({@code never}); else null
     * @param places of what is given, in a row; else null
     */
    record InputText(
            String name, String kind, int columns, String distribution, String renewal, List<Integer> places) {}

    private static InputText described(FunctionInput input) {
        Optional<FunctionInput.NoiseInput> noise =
                input instanceof FunctionInput.NoiseInput own ? Optional.of(own) : Optional.empty();
        return new InputText(
                input.name(),
                kind(input),
                input.size(),
                noise.map(own -> word(own.distribution())).orElse(null),
                noise.map(own -> word(own.renewal())).orElse(null),
                input instanceof FunctionInput.Given given ? new ArrayList<>(given.columns()) : null);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String kind(FunctionInput input) {
        if (input instanceof FunctionInput.Data) {
            return "data";
        } else if (input instanceof FunctionInput.Present) {
            return "present";
        } else if (input instanceof FunctionInput.NoiseInput) {
            return "noise";
        } else if (input instanceof FunctionInput.Weight) {
            return "weight";
        } else if (input instanceof FunctionInput.Condition) {
            return "condition";
        }
        return input instanceof FunctionInput.Given ? "given" : "value";
    }
}
