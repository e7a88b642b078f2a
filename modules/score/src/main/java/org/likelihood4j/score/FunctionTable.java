package org.likelihood4j.score;

import java.util.LinkedHashMap;
import java.util.Map;
import org.likelihood4j.score.ScorerFunction.Kind;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.program.ExportProgram;

/**
 * The functions of an export by their names.
 *
 * @param run whose model it is
 */
record FunctionTable(String run, Map<String, ScorerFunction> all) {
    /** @throws ExportException if the program has not got them as the model describes them */
    static FunctionTable read(ExportFiles files, int dimension, int conditionClasses) {
        Json model = files.model();
        boolean single = model.get("precision").text().equals("float32");
        Map<String, Json> programs = files.program().get("functions").entries();
        Map<String, ScorerFunction> all = new LinkedHashMap<>();
        model.get("functions").entries().forEach((name, signature) -> {
            if (!programs.containsKey(name)) {
                throw signature.unknown("a function that the program has");
            }
            ExportProgram program = ExportProgram.read(programs.get(name), files.tensors());
            ScorerFunction function = ScorerFunction.read(name, signature, program, single);
            function.check(signature, dimension, conditionClasses);
            all.put(name, function);
        });
        return new FunctionTable(model.get("run").text(), all);
    }

    /** @throws ExportException if there is none of that name */
    ScorerFunction get(String name) {
        ScorerFunction function = all.get(name);
        if (function == null) {
            throw new ExportException("the model of run '" + run + "' has no function " + name
                    + (name.equals("log_weight") ? ": it has no likelihood" : ""));
        }
        return function;
    }

    /** Whether one of them can leave missing cells out. */
    boolean leavesOut() {
        return all.values().stream().anyMatch(function -> function.has(Kind.PRESENT));
    }
}
