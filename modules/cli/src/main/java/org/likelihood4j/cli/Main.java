package org.likelihood4j.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.likelihood4j.cli.commands.CheckDeviceCommand;
import org.likelihood4j.cli.commands.CompareCommand;
import org.likelihood4j.cli.commands.CompletionCommand;
import org.likelihood4j.cli.commands.ExplainCommand;
import org.likelihood4j.cli.commands.ExportCommand;
import org.likelihood4j.cli.commands.FitPriorCommand;
import org.likelihood4j.cli.commands.ImportCommand;
import org.likelihood4j.cli.commands.ImputeCommand;
import org.likelihood4j.cli.commands.InitCommand;
import org.likelihood4j.cli.commands.InterpolateCommand;
import org.likelihood4j.cli.commands.LiveCommand;
import org.likelihood4j.cli.commands.MetricsCommand;
import org.likelihood4j.cli.commands.ReconstructCommand;
import org.likelihood4j.cli.commands.ReportCommand;
import org.likelihood4j.cli.commands.ReproduceCommand;
import org.likelihood4j.cli.commands.ResumeCommand;
import org.likelihood4j.cli.commands.RunsCommand;
import org.likelihood4j.cli.commands.SampleCommand;
import org.likelihood4j.cli.commands.SchemaCommand;
import org.likelihood4j.cli.commands.TrainCommand;
import org.likelihood4j.cli.commands.TraverseCommand;
import org.likelihood4j.cli.commands.ValidateCommand;
import org.likelihood4j.cli.commands.VerifyCommand;
import org.likelihood4j.cli.laboratory.GapCommand;
import org.likelihood4j.cli.laboratory.GradientsCommand;
import org.likelihood4j.cli.laboratory.LatentsCommand;
import org.likelihood4j.cli.laboratory.LayersCommand;
import org.likelihood4j.cli.options.CommonOptions;
import org.likelihood4j.cli.scores.CalibrateCommand;
import org.likelihood4j.cli.scores.EvaluateCommand;
import org.likelihood4j.cli.scores.ScoreCommand;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.StdoutGuard;
import org.likelihood4j.cli.terminal.VersionInfo;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The program's entry point and its list of commands.
 *
 * <p>A command is a class of its own, annotated with {@link Command}, made from the {@link Console} that it prints to.
 */
@Command(
        name = "./run.sh",
        description = "Train, sample and evaluate likelihood-based generative models.",
        versionProvider = VersionInfo.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "'./run.sh COMMAND --help' explains a command.",
            "'./run.sh test' checks and tests everything, './run.sh dev MODULE' one module; './run.sh format' formats.",
            "Environment variables set memory, threads and the native build: see the top of run.sh."
        })
public final class Main implements Runnable {
    /** Every command of the program by its name: a new one is one class and one line here. */
    static final Map<String, Function<Console, Object>> COMMANDS = commands();

    private static Map<String, Function<Console, Object>> commands() {
        Map<String, Function<Console, Object>> all = new LinkedHashMap<>();
        all.put("train", TrainCommand::new);
        all.put("resume", ResumeCommand::new);
        all.put("sample", SampleCommand::new);
        all.put("reconstruct", ReconstructCommand::new);
        all.put("interpolate", InterpolateCommand::new);
        all.put("traverse", TraverseCommand::new);
        all.put("evaluate", EvaluateCommand::new);
        all.put("gap", GapCommand::new);
        all.put("latents", LatentsCommand::new);
        all.put("layers", LayersCommand::new);
        all.put("score", ScoreCommand::new);
        all.put("calibrate", CalibrateCommand::new);
        all.put("impute", ImputeCommand::new);
        all.put("fit-prior", FitPriorCommand::new);
        all.put("export", ExportCommand::new);
        all.put("import", ImportCommand::new);
        all.put("compare", CompareCommand::new);
        all.put("reproduce", ReproduceCommand::new);
        all.put("report", ReportCommand::new);
        all.put("live", LiveCommand::new);
        all.put("metrics", MetricsCommand::new);
        all.put("runs", RunsCommand::new);
        all.put("init", InitCommand::new);
        all.put("validate", ValidateCommand::new);
        all.put("explain", ExplainCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("check-device", CheckDeviceCommand::new);
        all.put("gradients", GradientsCommand::new);
        all.put("schema", SchemaCommand::new);
        all.put(CompletionCommand.NAME, CompletionCommand::new);
        return Collections.unmodifiableMap(all);
    }

    @Mixin
    private CommonOptions options;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the versions of the program, of ND4J and of Java.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    private final Console console;

    private CommandLine commandLine;

    private Main(Console console) {
        this.console = console;
    }

    public static void main(String[] arguments) {
        Console console = Console.system();
        StdoutGuard.install();
        System.exit(run(console, arguments));
    }

    /** Runs one command line of the program and gives its exit code. */
    public static int run(Console console, String... arguments) {
        return run(console, meant(arguments), arguments);
    }

    /**
     * The commands that a command line can mean: one if it names one, else all, of which one may be
     * suggested. To look at all 20 takes longer than most of them take.
     */
    static Collection<Function<Console, Object>> meant(String... arguments) {
        // Options before a command have no values.
        Optional<String> name =
                Arrays.stream(arguments).filter(word -> !word.startsWith("-")).findFirst();
        Function<Console, Object> command = name.map(COMMANDS::get).orElse(null);
        return command == null || name.get().equals(CompletionCommand.NAME) ? COMMANDS.values() : List.of(command);
    }

    /** The same of some commands. */
    static int run(Console console, Collection<Function<Console, Object>> commands, String... arguments) {
        return run(console, commandLine(console, commands), arguments);
    }

    /**
     * The same of commands that another module has.
     *
     * @param name what the program was called by, such as {@code ./run.sh spark}
     * @param meaning of what a command fails by
     */
    public static int run(
            Console console,
            String name,
            Collection<Function<Console, Object>> commands,
            UnaryOperator<Exception> meaning,
            String... arguments) {
        CommandLine line = commandLine(console, commands).setCommandName(name);
        IExecutionExceptionHandler failures = line.getExecutionExceptionHandler();
        line.setExecutionExceptionHandler((failure, command, parsed) ->
                failures.handleExecutionException(meaning.apply(failure), command, parsed));
        return run(console, line, arguments);
    }

    private static int run(Console console, CommandLine line, String... arguments) {
        try {
            return line.execute(arguments);
        } catch (Error e) {
            return new Failures(console).report(e, line);
        } finally {
            console.out().flush();
        }
    }

    static CommandLine commandLine(Console console, Collection<Function<Console, Object>> commands) {
        Main main = new Main(console);
        CommandLine line = new CommandLine(main);
        main.commandLine = line;
        commands.forEach(command -> line.addSubcommand(command.apply(console)));
        Failures failures = new Failures(console);
        line.setExecutionExceptionHandler(failures);
        line.setParameterExceptionHandler(failures);
        line.setExecutionStrategy(parsed -> {
            console.setQuiet(main.options.quiet(parsed));
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setOut(new PrintWriter(console.out(), true, Charset.defaultCharset()));
        line.setErr(new PrintWriter(console.err(), true, Charset.defaultCharset()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(console.colours() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(Math.max(80, Math.min(console.columns(), 120)));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, Main::path);
        return line;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(Failures.describe(e));
        }
    }

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public void run() {
        commandLine.usage(console.out());
    }
}
