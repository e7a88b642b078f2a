package org.likelihood4j.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.io.RunException;

/** What one or several runs' folders say: all that the page shows. */
public record ReportData(List<RunReport> runs) {
    private static final int MOST_PICTURES = 40;
    private static final int LEAST_PICTURES = 5;

    /** Makes the list unmodifiable. */
    public ReportData {
        runs = List.copyOf(runs);
    }

    /**
     * Reads run folders.
     *
     * @throws RunException if one is not a run's, or its metrics cannot be read
     */
    public static ReportData read(List<Path> folders) {
        int pictures = pictures(folders.size());
        Set<String> names = new HashSet<>();
        List<RunReport> runs = new ArrayList<>();
        for (Path folder : folders) {
            RunReport run = RunReader.open(folder).read(pictures);
            // Runs of one name in different folders must be told apart on the page.
            String name = run.name();
            for (int number = 2; !names.add(name); number++) {
                name = run.name() + " (" + number + ")";
            }
            runs.add(run.named(name));
        }
        return new ReportData(runs);
    }

    /** How many pictures of each kind a page of so many runs shows of each. */
    public static int pictures(int runs) {
        return Math.max(LEAST_PICTURES, MOST_PICTURES / Math.max(1, runs));
    }

    /** The picture of a live page's only run at {@link Picture#address}. */
    public Optional<Picture> picture(String address) {
        return runs.stream()
                .flatMap(run -> run.pictures().values().stream())
                .flatMap(List::stream)
                .filter(picture -> picture.address().equals(address))
                .findFirst();
    }
}
