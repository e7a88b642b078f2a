package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Library;
import com.sun.jna.Native;
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
    /** Held, because JNA unloads a library that nobody holds, and NVRTC asks for its builtins by name when it compiles. */
    private static final List<NativeLibrary> COMPANIONS = new CopyOnWriteArrayList<>();

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
     * Loads a library, such as {@code libcuda.so.1}, and binds its functions; empty if it is nowhere.
     *
     * @param companions the beginnings of the names of libraries that it asks for by name, and that may lie beside it, where
     *     the loader does not look
     * @throws CudaException if it is somewhere, but cannot be loaded, as where a library is missing that it needs itself
     */
    <T extends Library> Optional<T> load(String name, Class<T> functions, String... companions) {
        if (system) {
            try {
                return Optional.of(bind(name, functions));
            } catch (UnsatisfiedLinkError e) {
                // It may be in one of the folders.
            }
        }
        CudaException failure = null;
        for (Path folder : folders) {
            Path library = folder.resolve(name);
            if (Files.exists(library)) {
                for (String companion : companions) {
                    // What has been loaded is found by its name.
                    matching(folder, companion + "*").forEach(LibrarySearch::tryToLoad);
                }
                try {
                    return Optional.of(bind(library.toString(), functions));
                } catch (UnsatisfiedLinkError e) {
                    // There may be another one.
                    failure = failure == null
                            ? new CudaException("device cuda cannot load " + library + ": " + reason(e))
                            : failure;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    /** What the loader says, of which JNA makes several lines. */
    private static String reason(UnsatisfiedLinkError e) {
        return e.getMessage()
                .lines()
                .filter(line -> !line.startsWith("Unable to load library"))
                .findFirst()
                .orElse(e.getMessage());
    }

    /** One that cannot be loaded may be another than the one that is asked for. */
    private static void tryToLoad(Path library) {
        try {
            COMPANIONS.add(NativeLibrary.getInstance(library.toString()));
        } catch (UnsatisfiedLinkError e) {
            // The library that needs it will say so.
        }
    }

    private static <T extends Library> T bind(String library, Class<T> functions) {
        return Native.load(library, functions, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    }
}
