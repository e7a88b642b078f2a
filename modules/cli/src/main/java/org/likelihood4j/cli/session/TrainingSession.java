package org.likelihood4j.cli.session;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.likelihood4j.cli.options.LeftOut;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.RunLog;
import org.likelihood4j.cli.terminal.StopOnExit;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.RunException;
import org.likelihood4j.report.LiveRun;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.events.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training as a person follows it: with progress, a log, a stop on Ctrl-C and a summary. */
public final class TrainingSession {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingSession.class);

    private final Console console;
    private final RunConfig config;
    private final String description;
    private final Splits data;
    private final RunDirectory run;
    private final LiveServer server;
    private final Means means;

    /** How it trains, and where all that is logged goes. */
    public interface Means {
        /** This process alone, which logs by Logback. */
        Means USUAL = new Means() {};

        /** Reads the data. */
        default Splits data(RunConfig config, ExampleSource source, Console console) {
            return RunOptions.data(source, console);
        }

        default Trainer trainer(
                RunConfig config,
                Splits data,
                RunDirectory run,
                Provenance provenance,
                List<? extends TrainingListener> listeners) {
            return new Trainer(config, data, run, provenance, listeners);
        }

        /**
         * Opens the run's log.
         *
         * @throws IOException if it cannot be written
         */
        default Open log(RunDirectory run) throws IOException {
            return RunLog.open(run.path())::close;
        }
    }

    /** Something that is there as long as it is open. */
    public interface Open extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A session that has not begun.
     *
     * @param description of the data
     * @param server that shows it; {@code null} for none
     */
    public TrainingSession(
            Console console,
            RunConfig config,
            String description,
            Splits data,
            RunDirectory run,
            LiveServer server,
            Means means) {
        this.means = means;
        this.console = console;
        this.config = config;
        this.description = description;
        this.data = data;
        this.run = run;
        this.server = server;
    }

    /**
     * Trains.
     *
     * @param training {@link Trainer#run} or {@link Trainer#resume}
     * @return the exit code
     */
    @SuppressWarnings("try") // the log is only to be open
    public int call(Function<Trainer, EndReason> training) {
        try (Open log = means.log(run)) {
            return train(training);
        } catch (IOException e) {
            console.warning(Failures.describe(e) + "; the training goes on without this log");
            return train(training);
        }
    }

    @SuppressWarnings("try") // the hook and the server are only to be there
    private int train(Function<Trainer, EndReason> training) {
        LeftOut.log(data);
        Provenance provenance = EnvironmentProvenance.gather(data, description, config);
        ProgressView progress = console.progress();
        Trainer trainer =
                means.trainer(config, data, run, provenance, List.of(new TrainingProgress(console, progress, config)));
        try (StopOnExit stop = StopOnExit.of(trainer::requestStop);
                Open shown = show()) {
            EndReason reason;
            try (progress) {
                reason = training.apply(trainer);
            } finally {
                report();
            }
            summary(reason);
            console.out().flush();
            return switch (reason) {
                case INTERRUPTED -> 130;
                case WORSE_THAN_AT_START -> Failures.FAILED;
                default -> 0;
            };
        } catch (RuntimeException e) {
            LOG.debug("training failed", e);
            throw e;
        }
    }

    /** Until that is closed, browsers are shown the training if the user wished so. */
    private Open show() {
        if (server == null) {
            return () -> {};
        }
        server.serve(LiveRun.open(run.path()));
        console.result("live at " + server.address());
        return server::closeAfterFarewell;
    }

    /** The page is worth having however a training ends, and never worth its result. */
    private void report() {
        if (Files.exists(run.metrics())) {
            try {
                ReportFile.write(List.of(run.path()), run.path().resolve(ReportFile.NAME));
            } catch (UserError | RunException e) {
                console.warning(Failures.describe(e));
            }
        }
    }

    private void summary(EndReason reason) {
        String path = run.path().toString();
        boolean interrupted = reason == EndReason.INTERRUPTED;
        console.line("");
        console.line(reason.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + path
                + (interrupted ? " (checkpoint saved)" : ""));
        console.line("  report       " + path + "/" + ReportFile.NAME);
        List<String> pictures = Stream.of(RunPicture.values())
                .map(RunPicture::folder)
                .filter(folder -> Files.isDirectory(run.path().resolve(folder)))
                .toList();
        if (!pictures.isEmpty()) {
            String folders = String.join(",", pictures);
            console.line("  pictures     " + path + "/" + (pictures.size() == 1 ? folders : "{" + folders + "}"));
        }
        console.line("  more samples ./run.sh sample " + path);
        console.line("  likelihoods  ./run.sh evaluate " + path);
        if (interrupted) {
            console.line("  go on        ./run.sh resume " + path);
        }
    }
}
