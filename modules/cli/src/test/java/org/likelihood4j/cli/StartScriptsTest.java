package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What run.sh and the scripts of bin decide before a JVM starts. */
class StartScriptsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    /** What a script said, and its exit code. */
    private record Said(int exit, List<String> lines) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runs",
                "runs folder --json",
                "-q runs",
                "schema",
                "report runs/a",
                "live runs/a",
                "metrics runs/a",
                "completion bash",
                "init",
                "validate a.yaml",
                "--version",
                "--help",
                "train --help",
                "evaluate runs/a -h",
                ""
            })
    void touchesNoTensor(String command) throws Exception {
        assertThat(bash("source bin/start.sh; is_light " + command)).isEqualTo(new Said(0, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train runs", "-q sample runs/a", "verify", "explain schema", "compare a.yaml", "trian"})
    void touchesTensorsOrIsUnknown(String command) throws Exception {
        assertThat(bash("source bin/start.sh; is_light " + command)).isEqualTo(new Said(1, List.of()));
    }

    /** Behind the program's own, as the archive of its classes wants it. */
    @Test
    void jarsFromElsewhereComeLast() throws Exception {
        write("my kinds/model.jar");
        Files.writeString(write("app/class-path"), "/a.jar:/b.jar\n");
        String script = "fail() { echo \"error: $*\"; exit 1; }; source bin/start.sh; app=" + folder
                + "/app; choose_class_path; echo \"$class_path\"";
        String jar = folder + "/my kinds/model.jar";
        String all = folder + "/my kinds/*";
        assertThat(bash(script)).isEqualTo(new Said(0, List.of("/a.jar:/b.jar")));
        assertThat(bash("LIKELIHOOD4J_CLASS_PATH='" + jar + ":" + all + "'; " + script))
                .isEqualTo(new Said(0, List.of("/a.jar:/b.jar:" + jar + ":" + all)));
        assertThat(bash("LIKELIHOOD4J_CLASS_PATH='" + jar + ":no.jar'; " + script))
                .isEqualTo(new Said(
                        1,
                        List.of(
                                "error: LIKELIHOOD4J_CLASS_PATH: there is no 'no.jar'; give jars and folders of classes,"
                                        + " with : between them")));
    }

    /** What a JVM does with the two commands that make the archive, and whether a file, empty or not, is left. */
    @ParameterizedTest
    @CsvSource({
        "'for a; do case $a in -XX:SharedArchiveFile=*) echo classes >${a#*=} ;; esac; done', full",
        "'true', empty",
        "'echo Unrecognized VM option DumpLoadedClassList >&2; exit 1', empty",
        "'echo JVMJ9VM007E Command-line option unrecognised >&2; exit 1', empty",
        "'echo There is insufficient memory for the Java Runtime Environment to continue. >&2; exit 1', none",
        "'exit 143', none"
    })
    void onlyAJvmThatKnowsNoArchivesIsNotAskedAgain(String java, String left) throws Exception {
        Files.writeString(write("app/class-path"), "/a.jar\n");
        Path program = write("jdk/bin/java");
        Files.writeString(program, "#!/bin/bash\n" + java + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String script = "set -e; source bin/archive.sh; app=" + folder + "/app; java_version=17; java_home=" + folder
                + "/jdk; make_archive; echo made; cd $app; ls; find . -empty";
        List<String> lines = bash(script).lines();
        String archive = "classes-17" + folder.toString().replace('/', '-') + "-jdk.jsa";
        assertThat(lines)
                .isEqualTo(
                        switch (left) {
                            case "full" -> List.of("made", "class-path", archive);
                            case "empty" -> List.of("made", "class-path", archive, "./" + archive);
                            default -> List.of("made", "class-path");
                        });
    }

    @Test
    void whereNothingCanBeWrittenThereIsNoArchive() throws Exception {
        Files.writeString(write("app/class-path"), "/a.jar\n");
        // Nobody is kept from writing who is root.
        String script = "set -e; source bin/archive.sh; mkdir() { echo denied >&2; return 1; }; options=(); app="
                + folder + "/app; java_version=17; java_home=/nowhere; use_archive; echo ${#options[@]}";
        assertThat(bash(script)).isEqualTo(new Said(0, List.of("0")));
    }

    /** The module that is tested is told from its dependencies by a folder, whatever it holds. */
    @ParameterizedTest
    @CsvSource({
        "cli, main/java/org/likelihood4j/cli",
        "engine-cuda, main/java/org/likelihood4j/engine/cuda",
        "toy-model, test/java/org/likelihood4j/toymodel",
        "browser, test/java/org/likelihood4j/browser"
    })
    void theTestedModuleIsToldByItsPackage(String module, String path) throws Exception {
        Said said = bash(
                "source bin/test.sh; root=.; select_tests dev " + module + " ''; printf '%s\\n' \"${selection[@]}\"");
        assertThat(said.lines()).contains("modules/" + module, "-Dtested.package=" + path);
        assertThat(ROOT.resolve("modules/" + module + "/src/" + path)).isDirectory();
    }

    /** A small copy of what the fingerprint is of. */
    @BeforeEach
    void sources() throws IOException {
        for (String file : List.of(
                "pom.xml",
                "bin/build.sh",
                ".mvn/jvm.config",
                "modules/a/pom.xml",
                "modules/a/src/main/java/A.java",
                "modules/a/src/main/java/B.java",
                "modules/a/src/test/java/ATest.java",
                "modules/a/target/A.class")) {
            write(file);
        }
    }

    @Test
    void sourcesAreUnchangedUntilOneChanges() throws Exception {
        Path stamp = write("stamp");
        Thread.sleep(20);
        assertThat(changed(stamp)).isFalse();
        write("modules/a/src/test/java/ATest.java");
        write("modules/a/src/test/java/BTest.java");
        write("modules/a/target/B.class");
        assertThat(changed(stamp)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "bin/build.sh",
                ".mvn/jvm.config",
                "modules/a/pom.xml",
                "modules/a/src/main/java/A.java",
                "modules/a/src/main/java/New.java",
                "modules/a/src/main/resources/new.txt",
                "modules/b/pom.xml"
            })
    void changedSourceIsSeen(String file) throws Exception {
        Path stamp = write("stamp");
        Thread.sleep(20);
        write(file);
        // As cp -p and tar leave it.
        Files.setLastModifiedTime(folder.resolve(file), FileTime.fromMillis(0));
        assertThat(changed(stamp)).isTrue();
    }

    @Test
    void removedOrRenamedSourceIsSeen() throws Exception {
        Path source = folder.resolve("modules/a/src/main/java/A.java");
        Path stamp = write("stamp");
        Thread.sleep(20);
        Files.move(source, source.resolveSibling("C.java"));
        assertThat(changed(stamp)).isTrue();
        Path later = write("later");
        Thread.sleep(20);
        assertThat(changed(later)).isFalse();
        Files.delete(source.resolveSibling("C.java"));
        assertThat(changed(later)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dev                          | dev: give a module, and a test of it if you like; there are
            dev nowhere                  | dev: there is no module 'nowhere'; there are
            test nowhere StartScriptsTest| test: there is no module 'nowhere'; there are
            dev cli NoSuchTest           | dev: there is no test 'NoSuchTest', in cli or in any other of
            dev data StartScriptsTest    | dev: module data has no test 'StartScriptsTest'; cli has
            dev cli StartScriptsTest#nor | StartScriptsTest.java has no test 'nor'
            """)
    void unknownModuleOrTestGetsOneLine(String command, String line) throws Exception {
        Said said = bash("./run.sh " + command);
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.lines()).singleElement().satisfies(only -> {
            assertThat(only).startsWith("error: ").contains(line.strip());
            if (line.contains("there are")) {
                assertThat(only).contains("cli").contains("models").contains("training");
            }
        });
    }

    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, name);
    }

    private boolean changed(Path stamp) throws Exception {
        Said said = bash("source bin/build.sh; root=" + folder + "; unchanged_since " + stamp);
        assertThat(said.lines()).isEmpty();
        return said.exit() != 0;
    }

    /** Runs a line of bash in the project's folder. */
    private static Said bash(String line) throws Exception {
        Process process = new ProcessBuilder("timeout", "60", "/bin/bash", "-c", "set -u; exec </dev/null; " + line)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), said.lines().toList());
    }
}
