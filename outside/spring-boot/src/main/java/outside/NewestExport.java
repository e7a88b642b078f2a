package outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExportException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The scorer of the newest export of a folder. A scorer may be used by any number of threads, and an old one as long as somebody has it. */
@Component
class NewestExport implements Supplier<Scorer> {
    private record Loaded(Path folder, Scorer scorer) {}

    private final Path exports;
    private volatile Loaded loaded;

    NewestExport(@Value("${exports}") Path exports) {
        this.exports = exports;
        refresh();
    }

    /** One that is broken, or not there as a whole yet, changes nothing. */
    @Scheduled(fixedDelayString = "${exports.refresh:1000}")
    void refresh() {
        try (Stream<Path> folders = Files.list(exports)) {
            Path newest = folders.max(Comparator.comparing(NewestExport::written)).orElseThrow();
            if (loaded == null || !newest.equals(loaded.folder())) {
                loaded = new Loaded(newest, Scorer.open(newest));
            }
        } catch (IOException | RuntimeException e) {
            if (loaded == null) {
                throw new ExportException(exports + ": no export that can be served", e);
            }
        }
    }

    private static long written(Path folder) {
        return folder.resolve("model.json").toFile().lastModified();
    }

    @Override
    public Scorer get() {
        return loaded.scorer();
    }
}
