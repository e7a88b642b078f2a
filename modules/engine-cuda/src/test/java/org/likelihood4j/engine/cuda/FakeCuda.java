package org.likelihood4j.engine.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.toolkit.LibrarySearch;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/**
 * NVIDIA's libraries on a CPU, for tests without a card: {@code src/test/native/fake_cuda.cpp}, compiled by g++ where that is there and
 * kept beside what Maven makes, along with the kernels that it compiles.
 */
public final class FakeCuda {
    /** With these, matrices of a few rows and columns go over many blocks, and sums over several. */
    public static final Tiles TINY = new Tiles(64, 1, 1_000, 8, 4, 1, 4);

    private static final Path SOURCES = Path.of("src/test/native");
    private static final Path MADE = Path.of("target/fakes").toAbsolutePath();
    private static final String COMPILER = "g++";

    /** The driver of CUDA 13.0, one card like an H100. */
    private static final int CAPABILITY = 90;

    private static final int VERSION = 13_000;

    /** What only tests call. */
    @SuppressWarnings("MemberName") // the library's own name
    private interface Control extends Library {
        void fake_configure(int eager, int seed, int capability, int version, int cards);

        String fake_live();
    }

    private static Path folder;
    private static Control control;

    private FakeCuda() {}

    /** Skips the test where there is no g++; {@link OnFakeCuda} asks. */
    public static void require() {
        assumeTrue(isThere(), "g++ is not there, which compiles kernels for the CPU in tests");
    }

    private static boolean isThere() {
        try {
            return new ProcessBuilder(COMPILER, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folder that has the libraries by their names. */
    public static synchronized Path folder() {
        if (folder == null) {
            folder = MADE.resolve(key());
            try {
                if (!Files.exists(folder.resolve("libcuda.so.1"))) {
                    build();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return folder;
    }

    private static void build() throws IOException, InterruptedException {
        Process script = new ProcessBuilder("bash", SOURCES.resolve("build.sh").toString(), folder.toString())
                .redirectErrorStream(true)
                .start();
        String messages = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (script.waitFor() != 0) {
            throw new IllegalStateException("the fake libraries cannot be made: " + messages);
        }
    }

    /** Of all that kernels' machine code depends on beside their text. */
    private static String key() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : List.of("cuda_on_cpu.h", "fake_cuda.cpp")) {
                digest.update(Files.readAllBytes(SOURCES.resolve(file)));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How streams do their work from now on. */
    public enum Streams {
        /** When it is waited for. */
        LATE,
        /** At once. */
        EAGER
    }

    /** A way to do the same work; results are the same bits whatever streams do. */
    public enum Way {
        TINY_LATE(true, Streams.LATE),
        TINY_EAGER(true, Streams.EAGER),
        USUAL_LATE(false, Streams.LATE),
        USUAL_EAGER(false, Streams.EAGER);

        private final boolean tiny;
        private final Streams streams;

        Way(boolean tiny, Streams streams) {
            this.tiny = tiny;
            this.streams = streams;
        }

        public Tiles tiles() {
            return tiny ? TINY : Tiles.USUAL;
        }

        public Streams streams() {
            return streams;
        }
    }

    /** A machine with one card, whose threads, blocks and graphs run in an order that the seed draws. */
    public static void configure(Streams streams, int seed) {
        configure(streams, seed, CAPABILITY, VERSION, 1);
    }

    /** A machine with another driver, and other cards or none. */
    public static void configure(int capability, int version, int cards) {
        configure(Streams.LATE, 1, capability, version, cards);
    }

    private static void configure(Streams streams, int seed, int capability, int version, int cards) {
        control().fake_configure(streams == Streams.EAGER ? 1 : 0, seed, capability, version, cards);
    }

    private static synchronized Control control() {
        if (control == null) {
            control = Native.load(folder().resolve("libcuda.so.1").toString(), Control.class);
        }
        return control;
    }

    /** What has been made on the machine and not given back, in words; nothing if there is nothing. */
    static String live() {
        return control().fake_live();
    }

    /** The libraries, found as they are on other machines. */
    public static Toolkit toolkit() {
        return Toolkit.open(new LibrarySearch(false, List.of(folder())));
    }

    /** The device of the machine's card; who made it, closes it. */
    public static CudaDevice device(Streams streams, int seed, Tiles tiles) {
        return device(streams, seed, tiles, toolkit -> toolkit);
    }

    /** The same, with calls of the driver counted from now on by their names. */
    public static CudaDevice device(Streams streams, int seed, Tiles tiles, Map<String, Integer> calls) {
        return device(streams, seed, tiles, toolkit -> AlteredToolkit.counting(toolkit, calls));
    }

    /** The same, with other libraries. */
    public static CudaDevice device(Streams streams, int seed, Tiles tiles, UnaryOperator<Toolkit> altered) {
        configure(streams, seed);
        return new CudaDevice(() -> Card.open(altered.apply(toolkit()), 0, folder().resolve("cubins")), tiles);
    }

    /** The card; who opened it, closes it. */
    public static Card card(Streams streams, int seed) {
        configure(streams, seed);
        return Card.open(toolkit(), 0, folder().resolve("cubins"));
    }
}
