package org.likelihood4j.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.SafetensorsException;
import org.likelihood4j.io.safetensors.SafetensorsFile;
import org.likelihood4j.laboratory.compare.ComparisonRecord;
import org.likelihood4j.laboratory.compare.GradientVariance;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;

/** Files that a stranger made to do harm: each is refused in one line, in little time and memory. What fuzzing found is here. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class HostileFilesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String VAE = "model: {type: vae}\n";

    @TempDir
    private Path folder;

    /** Something that reads a file. */
    private enum Reader {
        CONFIG("x.yaml", 64) {
            @Override
            void read(Path file) {
                ConfigLoader.load(file, List.of());
            }
        },
        STATE("state.json", 16) {
            @Override
            void read(Path file) {
                CheckpointFolder.readState(file.getParent());
            }
        },
        COMPARISON("comparison.json", 200) {
            @Override
            void read(Path file) {
                ComparisonRecord.read(file).requireSame(JsonFiles.LINE.readTree("{}"), file);
            }
        },
        METRICS("metrics.jsonl", 96) {
            @Override
            void read(Path file) {
                GradientVariance.last(new RunDirectory(file.getParent()));
            }
        },
        POINTER("checkpoints/last", 1) {
            @Override
            void read(Path file) {
                new Checkpoints(new RunDirectory(file.getParent().getParent())).locate("last");
            }
        },
        SAFETENSORS("x.safetensors", 400) {
            @Override
            void read(Path file) throws IOException {
                Safetensors.read(file);
            }
        };

        private final String fileName;
        private final long megabytes;

        Reader(String fileName, long megabytes) {
            this.fileName = fileName;
            this.megabytes = megabytes;
        }

        abstract void read(Path file) throws IOException;
    }

    /** A file, a character for each of its bytes, and what the refusal must say. */
    private record Case(String name, Reader reader, String content, List<String> said) {
        static Case of(String name, Reader reader, byte[] content, String... said) {
            return new Case(name, reader, new String(content, StandardCharsets.ISO_8859_1), List.of(said));
        }

        @Override
        public String toString() {
            return reader + ": " + name;
        }
    }

    private static Case refused(String name, Reader reader, String content, String... said) {
        return Case.of(name, reader, content.getBytes(StandardCharsets.UTF_8), said);
    }

    static Stream<Case> configs() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 10; i++) {
            laughs.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(8) + "*a" + (i - 1) + "]\n");
        }
        String half = "a".repeat(400_000);
        return Stream.of(
                refused("billion laughs", Reader.CONFIG, laughs.toString(), ":2:", "aliases (*a0) are not supported"),
                refused("an alias of itself", Reader.CONFIG, "model: &a {b: *a}", "aliases (*a) are not supported"),
                refused("a merge key", Reader.CONFIG, VAE + "data: &d {train: 5}\ntraining: {<<: *d}", "aliases (*d)"),
                refused("a merge key without alias", Reader.CONFIG, VAE + "<<: {seed: 5}", "<<: unknown key"),
                refused("an exponent", Reader.CONFIG, VAE + "seed: 1e999999999", "must be a finite number"),
                refused("an exponent for a list", Reader.CONFIG, "model: {type: vae, latent: 1e308}", "a whole number"),
                refused("many digits", Reader.CONFIG, VAE + "seed: " + "9".repeat(100_000), "more than 100 characters"),
                refused("many digits in hex", Reader.CONFIG, VAE + "seed: 0x" + "f".repeat(90), "must be at most"),
                refused("a deep flow", Reader.CONFIG, "a: " + "[".repeat(500_000), "nested deeper than 16 levels"),
                refused("a deep block", Reader.CONFIG, "- ".repeat(400_000), "nested deeper than 16 levels"),
                refused("deep keys", Reader.CONFIG, "? ".repeat(400_000), "a key must be plain text"),
                refused("too large", Reader.CONFIG, VAE + "#".repeat(1 << 20), "larger than 1 MiB"),
                refused("a zero byte", Reader.CONFIG, VAE + "name: \0", ":2:", "U+0000"),
                Case.of(
                        "not UTF-8",
                        Reader.CONFIG,
                        "model: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1),
                        "not UTF-8"),
                Case.of("UTF-16", Reader.CONFIG, VAE.getBytes(StandardCharsets.UTF_16), "not UTF-8"),
                // A path for each value: the key's length times the number of values.
                refused(
                        "a long key",
                        Reader.CONFIG,
                        "? " + half + "\n: 1",
                        "a key of more than 100 characters: \"aaaa"),
                refused(
                        "a long key of a long list",
                        Reader.CONFIG,
                        "? " + half + "\n: [" + "1,".repeat(250_000) + "]",
                        "a key of more than 100 characters"),
                refused(
                        "a long list",
                        Reader.CONFIG,
                        "model: {type: vae, encoder: {hidden: [" + "1,".repeat(500_000) + "]}}",
                        "more than 10000 values"),
                refused(
                        "many layers",
                        Reader.CONFIG,
                        "model: {type: vae, encoder: {hidden: [" + "1,".repeat(65) + "]}}",
                        "model.encoder.hidden: must have at most 64 layers, was 65"),
                refused(
                        "a wide layer",
                        Reader.CONFIG,
                        "model: {type: vae, encoder: {hidden: [5, 2147483647]}}",
                        "model.encoder.hidden[1]: must be at most 1048576, was 2147483647"),
                refused(
                        "many couplings",
                        Reader.CONFIG,
                        "model: {type: realnvp, architecture: flat, couplings: 2147483647, logScaleBound: 1.0e-12}",
                        "model.couplings: must be at most 100"),
                refused(
                        "many draws",
                        Reader.CONFIG,
                        VAE + "evaluation: {repeats: 2147483647}",
                        "evaluation.repeats: must be at most 1000000"),
                // Found by fuzzing: the parser takes what there is of an escape's digits for a number.
                refused("an escape cut short", Reader.CONFIG, VAE + "name: \"\\u", ":2:", "a malformed escape"),
                refused("half a character", Reader.CONFIG, VAE + "name: \"\\ud800\"", ":2: name: half a character"),
                refused(
                        "an escape too large",
                        Reader.CONFIG,
                        VAE + "name: \"\\UFFFFFFFF\"",
                        ":2:",
                        "a malformed escape"),
                refused(
                        "a tag",
                        Reader.CONFIG,
                        "!!javax.script.ScriptEngineManager [!!java.net.URL ['http://x']]",
                        "tags (tag:yaml.org,2002:javax"),
                refused(
                        "a tagged value",
                        Reader.CONFIG,
                        "model: !!java.io.File /etc",
                        "tags (tag:yaml.org,2002:java.io"),
                refused("a second document", Reader.CONFIG, VAE + "---\n" + VAE, "more than one YAML document"),
                refused("a key twice", Reader.CONFIG, VAE + VAE, ":2: model: duplicate key, already at"),
                refused("an escape", Reader.CONFIG, VAE + "\"\\e[31mred\": 1", ":2: \\u001b[31mred: unknown key"),
                refused("an escape in a value", Reader.CONFIG, VAE + "device: \"\\e]0;x\\a\"", "\\u001b]0;x\\u0007"),
                refused("another direction", Reader.CONFIG, VAE + "device: \"\u202ecpu\"", "\\u202ecpu"));
    }

    static Stream<Case> names() {
        return Stream.of(
                        "../x",
                        "..",
                        ".",
                        "a/b",
                        "a\\\\b",
                        "/tmp/x",
                        "",
                        " ",
                        "~",
                        "-x",
                        ".x",
                        "a..b",
                        "a\\0b",
                        "a\\nb",
                        "a b",
                        "\\e[2J",
                        "caf\u00e9",
                        "a".repeat(300))
                .map(name -> refused("name " + name, Reader.CONFIG, VAE + "name: \"" + name + "\"", ":2: name: "));
    }

    static Stream<Case> json() {
        String state = "{\"formatVersion\":4,\"start\":null,\"worse\":false,\"rollbacks\":[],\"running\":null,"
                + "\"progress\":{\"epoch\":%s,\"step\":40},\"best\":{\"epoch\":%s,\"value\":%s,"
                + "\"validationsSince\":%s},\"provenance\":{}}";
        String more = state.formatted(2, 1, 1, 1).replaceFirst("\\}$", ",\"%s\":\"java.net.URL\"}");
        String not = "not a training state";
        String result = "{\"formatVersion\":1,\"settings\":{},\"results\":[{\"variant\":\"a\",\"seed\":1,"
                + "\"folder\":\"%s\",\"outcome\":\"completed\",\"problem\":null,\"steps\":5,\"seconds\":1.5,"
                + "\"secondsPerStep\":null,\"gradientVariance\":null,\"evaluation\":null}]}";
        String name = "n".repeat(40_000);
        StringBuilder paths = new StringBuilder("{\"formatVersion\":1,\"results\":[],\"settings\":");
        for (int i = 0; i < 25; i++) {
            paths.append("{\"" + name + "\":");
        }
        paths.append("{");
        for (int i = 0; i < 200_000; i++) {
            paths.append(i == 0 ? "" : ",").append("\"" + i + "\":1");
        }
        paths.append("}").append("}".repeat(26));
        return Stream.of(
                refused("deep", Reader.STATE, "{\"provenance\":" + "[".repeat(500_000), not, "deeper or longer"),
                refused("a long number", Reader.STATE, state.formatted("9".repeat(100_000), 1, 1, 1), not),
                refused("an exponent", Reader.STATE, state.formatted("1e999999999", 1, 1, 1), not, "out of range"),
                // Found by fuzzing: it was read as infinite and written as a text.
                refused(
                        "an exponent",
                        Reader.COMPARISON,
                        "{\"formatVersion\":1,\"settings\":{\"seed\":11e999999999},\"results\":[]}",
                        "line 1: a number or a character out of range"),
                // Found by fuzzing, as are the two below: it was written as a question mark.
                refused(
                        "half a character",
                        Reader.STATE,
                        state.formatted(2, 1, 1, 1).replace("{}", "{\"a\":\"\\ud800\"}"),
                        not,
                        "character out of range"),
                refused("an infinite value", Reader.STATE, state.formatted(2, 1, "1e999", 1), not, "out of range"),
                refused("a negative epoch", Reader.STATE, state.formatted(-1, 0, 1, 1), not, "epoch cannot be -1"),
                refused("the best to come", Reader.STATE, state.formatted(2, 3, 1, 1), not, "best.epoch cannot be 3"),
                refused("a part of an epoch", Reader.STATE, state.formatted("1.5", 1, 1, 1), not, "progress.epoch"),
                refused("nothing counted", Reader.STATE, state.formatted(2, 1, 1, null), not, "best.validationsSince"),
                refused("a key twice", Reader.STATE, "{\"epoch\":1,\"epoch\":2}", not),
                refused("more behind it", Reader.STATE, state.formatted(2, 1, 1, 1) + "{}", not),
                refused("a class", Reader.STATE, more.formatted("@class"), not, "@class is not known"),
                refused("an escape", Reader.STATE, more.formatted("\\u001b[31m\\n"), not, "\\u001b[31m  is not known"),
                refused(
                        "too large",
                        Reader.STATE,
                        "{\"provenance\":\"" + "x".repeat(1 << 20),
                        "larger than the 1048576"),
                refused("a folder elsewhere", Reader.COMPARISON, result.formatted("../x"), "folder cannot be '../x'"),
                refused("an absolute folder", Reader.COMPARISON, result.formatted("/tmp"), "folder cannot be '/tmp'"),
                refused("a zero byte", Reader.COMPARISON, result.formatted("\\u0000"), "folder cannot be '\\u0000'"),
                refused("long paths", Reader.COMPARISON, paths.toString(), "of another comparison"),
                refused("not JSON", Reader.METRICS, "{}\n{\n", ":2: not JSON"),
                refused("deep", Reader.METRICS, "{}\n" + "[".repeat(500_000), ":2: not JSON"),
                refused("a long line", Reader.METRICS, " ".repeat((1 << 24) + 1), "a line longer than the 16777216"),
                refused("elsewhere", Reader.POINTER, "../../x", "names the checkpoint '../../x'"),
                refused("absolute", Reader.POINTER, "/tmp", "names the checkpoint '/tmp'"),
                refused("a zero byte", Reader.POINTER, "epoch-0001\0", "names the checkpoint 'epoch-0001\\u0000'"),
                refused("an escape", Reader.POINTER, "\u001b[31m", "names the checkpoint '\\u001b[31m'"),
                refused("long", Reader.POINTER, "epoch-" + "0".repeat(100_000), "larger than the 100 bytes"));
    }

    static Stream<Case> safetensors() {
        // Of the longest header the most objects for a byte.
        StringBuilder many = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; many.length() < (4 << 20) - 20; i++) {
            many.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(Integer.toString(i, 36))
                    .append("\":\"\"");
        }
        String shape = "{\"w\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,0]}}";
        return Stream.of(
                tensors("many names", many + "},\"w\":1}", "tensor 'w': expected exactly dtype"),
                tensors("a long list", shape.formatted("1,".repeat(2_000_000) + "1"), "tensor 'w': shape [1, 1, 1, "),
                tensors("a long name", "{\"" + "w".repeat(40_000) + "\":1}", "'" + "w".repeat(60) + "...': expected"),
                tensors("half a character", "{\"__metadata__\":{\"a\":\"\\ud800\"}}", "half a character: '\\ud800'"),
                tensors("no number", "{\"__metadata__\":{\"a\":NaN}}", "its header is not valid JSON"),
                tensors("an exponent", shape.formatted("1e999999999"), "tensor 'w': shape may only hold"),
                tensors("zero, and overflow", shape.formatted("0,4294967296,4294967296"), "larger than any file"),
                tensors(
                        "a header of more than 4 MiB",
                        " ".repeat((4 << 20) + 1),
                        "more than the 4194304 that can be read"));
    }

    private static Case tensors(String name, String header, String... said) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(Long.BYTES + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
        return Case.of(name, Reader.SAFETENSORS, file, said);
    }

    @ParameterizedTest
    @MethodSource({"configs", "names", "json", "safetensors"})
    void isRefusedInOneLine(Case hostile) throws IOException {
        Path file = folder.resolve(hostile.reader.fileName);
        Files.createDirectories(file.getParent());
        Files.writeString(file, hostile.content, StandardCharsets.ISO_8859_1);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Throwable refusal = catchThrowable(() -> hostile.reader.read(file));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(refusal).isInstanceOfAny(ConfigException.class, RunException.class, SafetensorsException.class);
        String message = refusal.getMessage();
        assertThat(message).startsWith(file.toString()).contains(hostile.said);
        assertThat(message.chars().filter(Character::isISOControl)).isEmpty();
        assertThat(message).hasSizeLessThan(1010).doesNotContain("tools.jackson", "org.likelihood4j", "Exception");
        assertThat(allocated >> 20).as("MB allocated").isLessThan(hostile.reader.megabytes);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        Path file = Files.writeString(folder.resolve("bom.yaml"), "\ufeff" + VAE);
        assertThat(ConfigLoader.load(file, List.of()).name()).isEqualTo("bom");
    }

    @Test
    void overridesAreBoundedToo() {
        for (String override : List.of(
                "a" + ".a".repeat(30_000) + "=1", "a".repeat(60_000) + "=1", ".=1", "=1", "a..b=1", "a.=1", "a b=1")) {
            assertThat(catchThrowable(() -> ConfigLoader.parse(VAE, "x.yaml", List.of(override))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("--set ")
                    .hasMessageContaining("expected key=value");
        }
    }

    /** Larger than the heap, though it takes no room on the disk. */
    @Test
    void aFileLargerThanTheHeapIsNotRead() throws IOException {
        long each = 1L << 30;
        long count = Runtime.getRuntime().maxMemory() / each + 1;
        String header = LongStream.range(0, count)
                .mapToObj(i -> "\"" + i + "\":{\"dtype\":\"F32\",\"shape\":[" + each / 4 + "],\"data_offsets\":["
                        + i * each + "," + (i + 1) * each + "]}")
                .collect(Collectors.joining(",", "{", "}"));
        Path file = folder.resolve("sparse.safetensors");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length())
                    .flip());
            channel.write(ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8)));
            channel.write(ByteBuffer.wrap(new byte[1]), channel.position() + count * each - 1);
        }
        assertThat(catchThrowable(() -> Safetensors.read(file)))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("do not fit in the heap");
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(open.names()).hasSize((int) count);
        }
    }

    @Test
    void aRunHoldsNoLinks() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside/epoch-0001"));
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), VAE);
        Path checkpoints = Files.createDirectory(run.resolve("checkpoints"));
        for (Path link : List.of(
                run.resolve("samples"),
                run.resolve("metrics.jsonl"),
                checkpoints.resolve("epoch-0001"),
                checkpoints.resolve("last"))) {
            Files.createSymbolicLink(link, outside);
            assertThat(catchThrowable(() -> RunDirectory.open(run)))
                    .isInstanceOf(RunException.class)
                    .hasMessageStartingWith(link + ": is a link");
            Files.delete(link);
        }
        // A link to the run itself is the user's own.
        Path mine = Files.createSymbolicLink(folder.resolve("mine"), run);
        assertThat(RunDirectory.open(mine).path()).isEqualTo(mine);
    }

    @Test
    void manyCheckpointsAreNotAllListed() throws IOException {
        for (int i = 0; i < 200; i++) {
            Files.createDirectories(folder.resolve("checkpoints").resolve(RunDirectory.epochName(i)));
        }
        assertThat(catchThrowable(() -> new Checkpoints(new RunDirectory(folder)).locate("none")))
                .isInstanceOf(RunException.class)
                .satisfies(e -> assertThat(e.getMessage().length())
                        .isLessThan(500 + folder.toString().length()));
    }

    /** The header of the deepest model that a configuration can ask for can be read back. */
    @Test
    void theLongestHeaderFits() {
        RunConfig config = ConfigLoader.parse(
                "model: {type: realnvp, architecture: flat, couplings: 100, logScaleBound: 0.2, conditioner: {hidden: ["
                        + "1,".repeat(64) + "]}}",
                "x.yaml",
                List.of());
        String rest = "\"\":{\"dtype\":\"F32\",\"shape\":[1048576,1048576],\"data_offsets\":[9999999999,9999999999]},";
        long bytes = ModelBuilder.create(config, DataSources.shape(config.data())).parameters().entries().stream()
                .mapToLong(entry -> entry.parameter().name().length() + rest.length())
                .sum();
        // Beside the weights their average, or the first moments beside the second ones.
        assertThat(2 * bytes).isLessThan(4 << 20);
    }
}
