package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StandardOutput;
import org.likelihood4j.inference.export.ModelExport;
import org.likelihood4j.inference.export.onnx.OnnxFile;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export RUN}: the weights and what they mean, for other programs. */
@Command(
        name = "export",
        description = {
            "Write a trained model to a new folder, for programs in any language.",
            "weights.safetensors: the tensors that evaluate uses. program.json: what the model's functions (log_weight, encode,"
                    + " decode, reconstruct, sample) compute of them, operation by operation. model.json: what they mean, and what"
                    + " examples are. The jar likelihood4j-score runs them without anything else.",
            "With --onnx also onnx/FUNCTION.onnx, for ONNX Runtime and other programs that read ONNX."
        })
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "DIR",
            description = "The folder, which must not exist; default: RUN/export.")
    private Path output;

    @Option(
            names = "--onnx",
            description = "Write a file in the ONNX format for each function too, opset " + OnnxFile.OPSET + ".")
    private boolean onnx;

    private final Console console;

    public ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        StandardOutput.refuse(output, "a folder of files");
        RunDirectory run = options.run();
        Path target = output == null ? run.path().resolve("export") : output;
        ModelExport.write(run, options.checkpoint(), target, onnx);
        console.line("exported: " + target);
        console.line("  README.md            what it is, and how it is used");
        console.line("  model.json           what its functions mean, and what examples are");
        console.line("  program.json         what they compute");
        console.line("  weights.safetensors  of which numbers");
        console.line("  config.yaml          of which 'import' makes a run again");
        if (onnx) {
            console.line("  onnx/                each function for ONNX Runtime, opset " + OnnxFile.OPSET);
        }
        return 0;
    }
}
