package org.likelihood4j.cli;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What run.sh asks before it chooses the class path of a training: the device that a command line
 * means. Touches no tensor.
 *
 * <p>The answer is one word on standard output, {@code cpu} or {@code cuda}.
 */
public final class DeviceQuestion {
    private DeviceQuestion() {}

    public static void main(String[] arguments) {
        Console console = Console.system();
        console.result(device(console, arguments).toString());
        console.out().flush();
    }

    /**
     * The device of a command line; of one that says nothing of it, or is wrong, the default. What is
     * wrong the command itself will say.
     */
    static Device device(Console console, String... arguments) {
        try {
            ParseResult command = Main.commandLine(console, Main.meant(arguments))
                    .parseArgs(arguments)
                    .subcommand();
            Path named = command == null ? null : command.matchedPositionalValue(0, null);
            if (named == null) {
                return Device.CPU;
            }
            List<String> overrides = command.matchedOptionValue("--set", List.of());
            RunConfig config = Files.isDirectory(named)
                    ? RunDirectory.open(named).readConfig(overrides)
                    : ConfigLoader.load(named, overrides);
            return config.device();
        } catch (ParameterException | ConfigException | RunException | UncheckedIOException e) {
            return Device.CPU;
        }
    }
}
