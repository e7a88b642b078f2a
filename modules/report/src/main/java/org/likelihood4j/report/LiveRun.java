package org.likelihood4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;

/**
 * One run for {@link LiveServer}, as its folder is when it is asked: the folder may grow, be started anew, disappear and come
 * back. While nothing in it has changed, nothing is read again.
 */
public final class LiveRun implements LiveSource {
    /** File systems tell the time of a change in ticks: a second change within one could not be seen. */
    private static final long TICK_MILLISECONDS = 100;

    private static final int PICTURES = ReportData.pictures(1);

    private final Path folder;
    private final RunReader reader;
    private List<State> seen = List.of();
    private ReportData report;
    private Content data;

    private LiveRun(Path folder) {
        this.folder = folder;
        this.reader = RunReader.open(folder);
    }

    /**
     * The run in a folder.
     *
     * @throws RunException if the folder is not a run's
     */
    public static LiveRun open(Path folder) {
        return new LiveRun(folder);
    }

    @Override
    public synchronized Content page() throws IOException {
        refresh();
        return Content.of(ReportPage.render(report, PageMode.LIVE));
    }

    @Override
    public synchronized Content data() throws IOException {
        refresh();
        if (data == null) {
            data = Content.of(ReportJson.write(report, PageMode.LIVE));
        }
        return data;
    }

    @Override
    public synchronized Content picture(String name) throws IOException {
        Optional<Picture> picture = find(name);
        if (picture.isEmpty()) {
            refresh();
            picture = find(name);
        }
        Path file = picture.map(Picture::file).orElse(null);
        return file == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? null
                : Content.of(picture.get().bytes());
    }

    private Optional<Picture> find(String name) {
        return report == null ? Optional.empty() : report.picture(name);
    }

    private void refresh() throws IOException {
        List<State> now = states();
        if (report != null && now.equals(seen) && settled(now)) {
            return;
        }
        // Also refuses what is no run any more, and links that have come since.
        RunDirectory.open(folder);
        report = new ReportData(List.of(reader.read(PICTURES)));
        data = null;
        seen = now;
    }

    /** What tells whether a file has changed, or a folder, whose time changes with the names in it. */
    private record State(long size, Instant changed, Object key) {
        /** Of what is not there. */
        private static final State NONE = new State(0, Instant.EPOCH, null);

        static State of(Path path) throws IOException {
            try {
                BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
                return new State(is.size(), is.lastModifiedTime().toInstant(), is.fileKey());
            } catch (NoSuchFileException e) {
                return NONE;
            }
        }
    }

    /** Of all that the report is made of. */
    private List<State> states() throws IOException {
        RunDirectory run = new RunDirectory(folder);
        List<Path> paths = new ArrayList<>(List.of(run.config(), run.metrics()));
        RunReader.SPLITS.forEach(split -> paths.add(run.evaluation(split)));
        for (RunPicture kind : RunPicture.values()) {
            paths.add(folder.resolve(kind.folder()));
        }
        List<State> states = new ArrayList<>();
        for (Path path : paths) {
            states.add(State.of(path));
        }
        return states;
    }

    private static boolean settled(List<State> states) {
        Instant tick = Instant.now().minusMillis(TICK_MILLISECONDS);
        return states.stream().allMatch(state -> state.changed().isBefore(tick));
    }
}
