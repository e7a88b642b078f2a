package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where shared libraries are looked for.
 *
 * @param system whether first where the system's loader looks: the folders of {@code LD_LIBRARY_PATH}, then those of ldconfig
 * @param folders in this order
 */
public record LibrarySearch(boolean system, List<Path> folders) {
    static final Map<String, ?> OPTIONS = Map.of(Library.OPTION_STRING_ENCODING, "UTF-8");

    /** Held, because JNA unloads a library that nobody holds, and NVRTC asks for its builtins by name when it compiles. */
    private static final List<NativeLibrary> LOADED = new CopyOnWriteArrayList<>();

    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

    public LibrarySearch {
        folders = List.copyOf(folders);
    }

    /** Where the loader looks, where toolkits are installed, and where Python's packages have their own. */
    public static LibrarySearch ofMachine() {
        return new LibrarySearch(true, folders(Path.of("/"), System.getenv()));
    }

    /**
     * Folders in which CUDA may be.
     *
     * @param root of the file system
     * @param environment which names the current environments of Python and the user's home
     */
    static List<Path> folders(Path root, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        folders.add(root.resolve("usr/local/cuda/lib64"));
        folders.addAll(matching(root.resolve("usr/local"), "cuda-*").stream()
                .sorted(Comparator.comparing(LibrarySearch::version, Arrays::compare)
                        .reversed())
                .map(toolkit -> toolkit.resolve("lib64"))
                .toList());
        List<Path> prefixes = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String prefix = environment.getOrDefault(variable, "");
            if (!prefix.isEmpty()) {
                prefixes.add(Path.of(prefix));
                folders.add(Path.of(prefix, "lib"));
            }
        }
        String home = environment.getOrDefault("HOME", "");
        if (!home.isEmpty()) {
            prefixes.add(Path.of(home, ".local"));
        }
        prefixes.add(root.resolve("usr/local"));
        prefixes.add(root.resolve("usr"));
        prefixes.add(root.resolve("opt/conda"));
        for (Path prefix : prefixes) {
            for (Path python : matching(prefix.resolve("lib"), "python3*")) {
                for (String packages : List.of("site-packages", "dist-packages")) {
                    matching(python.resolve(packages).resolve("nvidia"), "*")
                            .forEach(part -> folders.add(part.resolve("lib")));
                }
            }
        }
        return folders.stream().filter(Files::isDirectory).distinct().toList();
    }

    /** Such as 12 and 8 of {@code cuda-12.8}. */
    private static int[] version(Path toolkit) {
        return NUMBER.matcher(toolkit.getFileName().toString())
                .results()
                .mapToInt(number -> Integer.parseInt(number.group()))
                .toArray();
    }

    /** What is in a folder; nothing if it cannot be read. */
    private static List<Path> matching(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(entry -> folder.getFileSystem()
                            .getPathMatcher("glob:" + pattern)
                            .matches(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /**
     * Loads a library, such as {@code libcuda.so.1}, for good.
     *
     * @param companions the beginnings of the names of libraries that it asks for by name, and that may lie beside it, where
     *     the loader does not look
     * @return what {@link NativeLibrary} knows it by; empty if it is nowhere
     * @throws CudaException if it is somewhere, but cannot be loaded, as where a library is missing that it needs itself
     */
    Optional<String> load(String name, String... companions) {
        if (system && tryToLoad(name).isEmpty()) {
            return Optional.of(name);
        }
        CudaException failure = null;
        for (Path folder : folders) {
            Path library = folder.resolve(name);
            if (Files.exists(library)) {
                for (String companion : companions) {
                    // What has been loaded is found by its name. One that cannot be may be another than the one that is
                    // asked for.
                    matching(folder, companion + "*").forEach(each -> tryToLoad(each.toString()));
                }
                Optional<UnsatisfiedLinkError> error = tryToLoad(library.toString());
                if (error.isEmpty()) {
                    return Optional.of(library.toString());
                }
                // There may be another one.
                if (failure == null) {
                    failure = new CudaException("cuda cannot load " + library + ": " + reason(error.get()));
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    private static Optional<UnsatisfiedLinkError> tryToLoad(String library) {
        try {
            LOADED.add(library(library));
            return Optional.empty();
        } catch (UnsatisfiedLinkError e) {
            return Optional.of(e);
        }
    }

    /** A library by what it is known by. */
    static NativeLibrary library(String name) {
        return NativeLibrary.getInstance(name, OPTIONS);
    }

    /** What the loader says, of which JNA makes several lines. */
    static String reason(UnsatisfiedLinkError e) {
        return e.getMessage()
                .lines()
                .filter(line -> !line.startsWith("Unable to load library"))
                .findFirst()
                .orElse(e.getMessage());
    }
}
