package org.likelihood4j.cli.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.report.PageMode;
import org.likelihood4j.report.ReportData;
import org.likelihood4j.report.ReportPage;

/** The page of a run or of several, as a file. */
public final class ReportFile {
    /** Its name in a folder. */
    public static final String NAME = "report.html";

    private ReportFile() {}

    /**
     * Writes the page of some runs.
     *
     * @return the file
     * @throws UserError if it cannot be written
     * @throws org.likelihood4j.io.RunException if a folder is not a run's, or cannot be read
     */
    public static Path write(List<Path> runs, Path file) {
        try {
            if (Files.exists(file) && !(Files.isRegularFile(file) && ReportPage.isPage(file))) {
                throw new UserError(file + ": is there and is no report; choose another file with --output");
            }
            AtomicFiles.write(file, ReportPage.render(ReportData.read(runs), PageMode.STATIC));
        } catch (IOException e) {
            throw new UserError(file + ": the page cannot be written (" + Failures.describe(e) + ")", e);
        }
        return file;
    }
}
