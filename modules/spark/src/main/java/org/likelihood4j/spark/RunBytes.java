package org.likelihood4j.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.likelihood4j.data.Digests;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What it takes to compute with a run, as bytes: its configuration, one checkpoint without the optimiser's moments, its calibration. So a run
 * goes to processes that cannot see its folder, and from wherever Hadoop reads: a disk, HDFS, an object store.
 *
 * @param name the run's folder as it was given, for people
 * @param checkpoint as it was asked for: {@code best}, {@code last} or a folder's name
 * @param sha256 of the files, in hex: equal runs have equal ones
 */
record RunBytes(String name, String checkpoint, List<Entry> files, String sha256) implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(RunBytes.class);
    private static final String RUN = "run";
    private static final String CONFIG = "config.yaml";
    private static final String FOLDER = "checkpoints";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final long serialVersionUID = 1;

    /** A file of the run, by its path in the run's folder with {@code /} between names. */
    @SuppressWarnings("ArrayRecordComponent") // compared by their sum
    record Entry(String path, byte[] content) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    RunBytes {
        files = List.copyOf(files);
    }

    private static RunBytes of(String name, String checkpoint, List<Entry> files) {
        MessageDigest digest = Digests.sha256();
        digest.update(checkpoint.getBytes(StandardCharsets.UTF_8));
        for (Entry file : files) {
            digest.update((file.path() + "\n" + file.content().length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(file.content());
        }
        return new RunBytes(name, checkpoint, files, Digests.hex(digest));
    }

    /**
     * Reads a run.
     *
     * @param run its folder, as a path or an address that Hadoop knows
     * @param checkpoint {@code best}, {@code last} or a folder's name
     * @throws RunException if there is none, or it cannot be read; one line
     */
    static RunBytes read(String run, String checkpoint, Configuration hadoop) {
        Path folder = new Path(run);
        try {
            FileSystem files = folder.getFileSystem(hadoop);
            if (!files.exists(new Path(folder, CONFIG))) {
                throw new RunException(run + ": not a run directory, it has no " + CONFIG
                        + "; expected a folder such as runs/quickstart-vae");
            }
            List<Entry> all = new ArrayList<>();
            add(files, folder, CONFIG, all);
            String chosen = checkpoint;
            if (checkpoint.equals(Checkpoints.BEST) || checkpoint.equals("last")) {
                add(files, folder, FOLDER + "/" + checkpoint, all);
                chosen = new String(all.get(all.size() - 1).content(), StandardCharsets.UTF_8).strip();
            }
            Path saved = new Path(folder, FOLDER + "/" + chosen);
            if (!files.exists(saved)) {
                throw new RunException(run + ": has no checkpoint '" + checkpoint + "'");
            }
            for (FileStatus file : files.listStatus(saved)) {
                String path = FOLDER + "/" + chosen + "/" + file.getPath().getName();
                if (file.isFile() && !file.getPath().getName().equals(OPTIMIZER)) {
                    add(files, folder, path, all);
                }
            }
            for (FileStatus file : files.listStatus(folder)) {
                String path = file.getPath().getName();
                if (file.isFile() && path.startsWith("calibration") && path.endsWith(".json")) {
                    add(files, folder, path, all);
                }
            }
            all.sort(Comparator.comparing(Entry::path));
            return of(run, checkpoint, all);
        } catch (FileNotFoundException e) {
            throw new RunException(run + ": a file of the run is missing: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new RunException(run + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }
    }

    /**
     * Reads the configuration only.
     *
     * @throws RunException if there is none, or it cannot be read; one line
     */
    static byte[] readConfig(String run, Configuration hadoop) {
        Path folder = new Path(run);
        List<Entry> config = new ArrayList<>();
        try {
            add(folder.getFileSystem(hadoop), folder, CONFIG, config);
        } catch (IOException e) {
            throw new RunException(
                    run + ": not a run directory, its " + CONFIG + " cannot be read (" + IoReasons.of(e)
                            + "); expected a folder such as runs/quickstart-vae",
                    e);
        }
        return config.get(0).content();
    }

    private static void add(FileSystem files, Path folder, String path, List<Entry> all) throws IOException {
        Path file = new Path(folder, path);
        long length = files.getFileStatus(file).getLen();
        if (length > Integer.MAX_VALUE - Long.BYTES) {
            throw new RunException(file + ": is too large to be sent along, 2 GB at most");
        }
        byte[] content = new byte[(int) length];
        try (FSDataInputStream in = files.open(file)) {
            in.readFully(content);
        }
        all.add(new Entry(path, content));
    }

    /** The text of the configuration. */
    byte[] config() {
        return files.stream()
                .filter(file -> file.path().equals(CONFIG))
                .findFirst()
                .orElseThrow()
                .content();
    }

    /** Writes the run to where a saved scorer keeps it. */
    void write(String folder, Configuration hadoop) throws IOException {
        for (Entry file : files) {
            Path path = new Path(folder, file.path());
            try (OutputStream out = path.getFileSystem(hadoop).create(path, false)) {
                out.write(file.content());
            }
        }
    }

    /** Takes the run while its files are there. */
    interface Opening<T> {
        T of(RunDirectory run);
    }

    /**
     * Makes a run of it in a new folder of this process, which goes when it has been opened.
     *
     * @throws RunException if that cannot be written
     */
    <T> T unpacked(Opening<T> opening) {
        java.nio.file.Path folder = null;
        try {
            folder = Files.createTempDirectory("likelihood4j-run-");
            java.nio.file.Path run = Files.createDirectory(folder.resolve(RUN));
            for (Entry file : files) {
                java.nio.file.Path path = run.resolve(file.path()).normalize();
                if (!path.startsWith(run)) {
                    throw new RunException(file.path() + ": leads out of the run");
                }
                Files.createDirectories(path.getParent());
                Files.write(path, file.content());
            }
            return opening.of(RunDirectory.open(run));
        } catch (IOException e) {
            throw new RunException(
                    "the run " + name + " cannot be unpacked on this machine (" + IoReasons.of(e)
                            + "); is there room in java.io.tmpdir?",
                    e);
        } finally {
            delete(folder);
        }
    }

    private static void delete(java.nio.file.Path folder) {
        try {
            if (folder != null) {
                AtomicFiles.delete(folder);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted, and is needed no more", folder, e);
        }
    }
}
