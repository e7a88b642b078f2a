package org.likelihood4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.likelihood4j.io.SmallFiles;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;

/**
 * A picture that a training has made after an epoch.
 *
 * @param kind the name of its folder
 * @param epoch after which
 * @param file a PNG
 * @param version changes whenever the file does
 */
public record Picture(String kind, long epoch, Path file, String version) {
    /** Of the examples with the largest gaps, which is of no epoch. */
    private static final String GAP = "gap";

    private static final Pattern NAME = Pattern.compile("epoch-(\\d{1,9})\\.png");
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int MOST_BYTES = 4 << 20;

    /** Where a live page asks for it, relative to the page. */
    public String address() {
        return "pictures/" + kind + "/epoch-" + epoch + ".png";
    }

    /**
     * The bytes.
     *
     * @throws IOException if it cannot be read, or is no PNG; the message is fit to be shown
     */
    public byte[] bytes() throws IOException {
        byte[] bytes = SmallFiles.bytes(file, MOST_BYTES);
        if (!Arrays.equals(bytes, 0, Math.min(bytes.length, SIGNATURE.length), SIGNATURE, 0, SIGNATURE.length)) {
            throw new IOException(file + ": not a PNG");
        }
        return bytes;
    }

    /** What an {@code img} shows; {@code null} if the file is gone or no PNG. */
    String source(PageMode mode) {
        if (mode == PageMode.LIVE) {
            return address() + "?v=" + version;
        }
        try {
            return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes());
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * A run's pictures by kind, each in order of epochs.
     *
     * @param most of each kind: the first, the last, and evenly between
     */
    static Map<String, List<Picture>> of(RunDirectory run, int most) throws IOException {
        Map<String, List<Picture>> pictures = new LinkedHashMap<>();
        for (RunPicture kind : RunPicture.values()) {
            Path folder = run.path().resolve(kind.folder());
            if (Files.isDirectory(folder)) {
                List<Picture> all = in(folder, kind.folder());
                if (!all.isEmpty()) {
                    pictures.put(kind.folder(), spread(all, most));
                }
            }
        }
        Path gap = run.path().resolve(GAP + ".png");
        if (Files.isRegularFile(gap)) {
            pictures.put(GAP, List.of(new Picture(GAP, 0, gap, version(gap))));
        }
        return pictures;
    }

    private static String version(Path file) throws IOException {
        return Long.toHexString(Files.getLastModifiedTime(file).toMillis());
    }

    private static List<Picture> in(Path folder, String kind) throws IOException {
        List<Picture> found = new ArrayList<>();
        try (Stream<Path> children = Files.list(folder)) {
            for (Path file : (Iterable<Path>) children::iterator) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && Files.isRegularFile(file)) {
                    found.add(new Picture(kind, Long.parseLong(name.group(1)), file, version(file)));
                }
            }
        }
        found.sort(Comparator.comparingLong(Picture::epoch));
        return found;
    }

    private static List<Picture> spread(List<Picture> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        List<Picture> kept = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            kept.add(all.get((int) Math.round((double) i * (all.size() - 1) / (most - 1))));
        }
        return kept;
    }
}
