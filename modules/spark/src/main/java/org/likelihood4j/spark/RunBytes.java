package org.likelihood4j.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.likelihood4j.data.Digests;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;

/**
 * What it takes to compute with a run, as bytes: its configuration, one checkpoint without the optimiser's moments, its calibration. So a run
 * goes to processes that cannot see its folder, and from wherever Hadoop reads: a disk, HDFS, an object store.
 *
 * @param name the run's folder, for people
 * @param checkpoint as it was asked for: {@code best}, {@code last} or a folder's name
 * @param sha256 of the files, in hex: equal runs have equal ones
 */
record RunBytes(String name, String checkpoint, List<Entry> files, String sha256) implements Serializable {
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
            return of(folder.getName(), checkpoint, all);
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
        byte[] content = new byte[Math.toIntExact(files.getFileStatus(file).getLen())];
        try (FSDataInputStream in = files.open(file)) {
            in.readFully(content);
        }
        all.add(new Entry(path, content));
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

    /**
     * Makes a run of it in a new folder of this process.
     *
     * @throws RunException if that cannot be written
     */
    RunDirectory unpack() {
        try {
            java.nio.file.Path folder =
                    Files.createTempDirectory("likelihood4j-run-").resolve(name);
            for (Entry file : files) {
                java.nio.file.Path path = folder.resolve(file.path()).normalize();
                if (!path.startsWith(folder)) {
                    throw new RunException(file.path() + ": leads out of the run");
                }
                Files.createDirectories(path.getParent());
                Files.write(path, file.content());
            }
            return RunDirectory.open(folder);
        } catch (IOException e) {
            throw new RunException(
                    "the run '" + name + "' cannot be unpacked on this machine (" + IoReasons.of(e)
                            + "); is there room in java.io.tmpdir?",
                    e);
        }
    }
}
