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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where shared libraries are looked for.
 *
 * @param system whether first where the system's loader looks: the folders of {@code LD_LIBRARY_PATH}, then those of ldconfig
 * @param folders in this order; the empty path is where the system's loader looks
 */
public record LibrarySearch(boolean system, List<Path> folders) {
    private static final int RTLD_LAZY = 1;

    /** Without {@code RTLD_GLOBAL}, which JNA would say: a library's calls of its own functions would go to another version's, loaded before. */
    static final Map<String, ?> OPTIONS =
            Map.of(Library.OPTION_STRING_ENCODING, "UTF-8", Library.OPTION_OPEN_FLAGS, RTLD_LAZY);

    private static final Path SYSTEM = Path.of("");

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
     * @param environment which names a toolkit, the current environments of Python and the user's home
     */
    static List<Path> folders(Path root, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String toolkit = environment.getOrDefault(variable, "");
            if (!toolkit.isEmpty()) {
                folders.add(Path.of(toolkit, "lib64"));
                // As conda's has it.
                folders.add(Path.of(toolkit, "lib"));
            }
        }
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

    /** The same places, those first whose path has most in common with a library's: what is there is of the same installation. */
    LibrarySearch near(String library) {
        Path at = Path.of(library);
        return new LibrarySearch(
                false,
                places().stream()
                        .sorted(Comparator.comparing(place -> -common(place, at)))
                        .toList());
    }

    private List<Path> places() {
        List<Path> places = new ArrayList<>(folders);
        if (system) {
            places.add(0, SYSTEM);
        }
        return places;
    }

    /** How many names two paths begin with together. */
    private static int common(Path one, Path other) {
        int common = 0;
        while (common < Math.min(one.getNameCount(), other.getNameCount())
                && one.isAbsolute() == other.isAbsolute()
                && one.getName(common).equals(other.getName(common))) {
            common++;
        }
        return common;
    }

    /**
     * Loads a library, such as {@code libcuda.so.1}, for good: the first that can be loaded, has what is called, and fits; if none does, the
     * first that does not fit.
     *
     * @param companions the beginnings of the names of libraries that it asks for by name, and that may lie beside it, where
     *     the loader does not look
     * @param binding makes what it is used by of what {@link NativeLibrary} knows it by
     * @return empty if it is nowhere
     * @throws CudaException if it is somewhere, but cannot be loaded, as where a library is missing that it needs itself, or
     *     lacks a function
     */
    <T> Optional<T> load(String name, List<String> companions, Function<String, T> binding, Predicate<T> fits) {
        CudaException failure = null;
        T unfit = null;
        for (Path place : places()) {
            try {
                if (load(place, name, companions)) {
                    T bound = binding.apply(place.resolve(name).toString());
                    if (fits.test(bound)) {
                        return Optional.of(bound);
                    }
                    unfit = unfit == null ? bound : unfit;
                }
            } catch (CudaException e) {
                // There may be another one.
                failure = failure == null ? e : failure;
            } catch (UnsatisfiedLinkError e) {
                String words = "cuda finds " + place.resolve(name) + ", which lacks what is called: " + reason(e);
                failure = failure == null ? new CudaException(words) : failure;
            }
        }
        if (unfit == null && failure != null) {
            throw failure;
        }
        return Optional.ofNullable(unfit);
    }

    /** Whether it is there, and loaded then. */
    private static boolean load(Path place, String name, List<String> companions) {
        Path library = place.resolve(name);
        boolean system = place.equals(SYSTEM);
        if (!system) {
            if (!Files.exists(library)) {
                return false;
            }
            // What has been loaded is found by its name. One that cannot be may be another than the one that is asked
            // for.
            companions.forEach(
                    companion -> matching(place, companion + "*").forEach(each -> tryToLoad(each.toString())));
        }
        Optional<UnsatisfiedLinkError> error = tryToLoad(library.toString());
        if (error.isEmpty()) {
            return true;
        }
        // The loader names what it cannot find as it was asked for, and what it has found by its whole path.
        if (system && reason(error.get()).startsWith(name + ": ")) {
            return false;
        }
        throw new CudaException("cuda cannot load " + library + ": " + reason(error.get()));
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
