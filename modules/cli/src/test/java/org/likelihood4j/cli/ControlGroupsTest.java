package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What run.sh takes for this machine's memory and cores, under control groups of all kinds. */
class ControlGroupsTest {
    private static final Path SCRIPT = Path.of("../../bin/machine.sh");
    private static final String UNLIMITED = "9223372036854771712";

    @TempDir
    private Path folder;

    /** Of a machine with 8,000 MiB and 64 cores: what is in /proc/self/cgroup and below /sys/fs/cgroup, and the memory. */
    static Stream<Arguments> memory() {
        return Stream.of(
                Arguments.of("none", "", Map.of(), 8000),
                Arguments.of("second generation, its own", "0::/a/b", Map.of("a/b/memory.max", "2097152000"), 2000),
                Arguments.of(
                        "second generation, of the group above",
                        "0::/a/b",
                        Map.of("a/b/memory.max", "max", "a/memory.max", "1048576000", "memory.max", "max"),
                        1000),
                Arguments.of(
                        "second generation, the lowest of all",
                        "0::/a/b",
                        Map.of("a/b/memory.max", "3145728000", "a/memory.max", "4194304000"),
                        3000),
                Arguments.of(
                        "container, by a path of the host", "0::/docker/1f", Map.of("memory.max", "524288000"), 500),
                Arguments.of("container, by its own path", "0::/", Map.of("memory.max", "524288000"), 500),
                Arguments.of("container, a path above its root", "0::/../x", Map.of("memory.max", "524288000"), 500),
                Arguments.of(
                        "both generations",
                        "3:memory:/\n0::/a",
                        Map.of("unified/a/memory.max", "524288000", "memory/memory.limit_in_bytes", UNLIMITED),
                        500),
                Arguments.of(
                        "first generation, its own",
                        "4:memory:/a/b\n3:cpu,cpuacct:/c",
                        Map.of("memory/a/b/memory.limit_in_bytes", "1048576000"),
                        1000),
                Arguments.of(
                        "first generation, of the group above",
                        "4:hugetlb,memory:/a/b",
                        Map.of(
                                "memory/a/b/memory.limit_in_bytes",
                                UNLIMITED,
                                "memory/a/memory.limit_in_bytes",
                                "1572864000",
                                "memory/memory.limit_in_bytes",
                                UNLIMITED),
                        1500),
                Arguments.of(
                        "first generation, container by a path of the host",
                        "4:memory:/docker/1f",
                        Map.of("memory/memory.limit_in_bytes", "209715200"),
                        200),
                Arguments.of("above the machine's", "0::/", Map.of("memory.max", "99999999999999"), 8000),
                Arguments.of("a file of nonsense", "0::/", Map.of("memory.max", "many"), 8000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memory")
    void memory(String what, String groups, Map<String, String> files, int mebibytes) throws Exception {
        assertThat(run("memory_mib", groups, files)).isEqualTo(String.valueOf(mebibytes));
    }

    /** Of a machine with 64 cores, as far as this one has as many. */
    static Stream<Arguments> cores() {
        return Stream.of(
                Arguments.of("second generation, half a core", "0::/a", Map.of("a/cpu.max", "50000 100000"), 1),
                Arguments.of(
                        "second generation, of the group above",
                        "0::/a/b",
                        Map.of("a/b/cpu.max", "max 100000", "a/cpu.max", "100000 100000"),
                        1),
                Arguments.of(
                        "first generation",
                        "2:cpu,cpuacct:/a",
                        Map.of("cpu/a/cpu.cfs_quota_us", "100000", "cpu/a/cpu.cfs_period_us", "100000"),
                        1),
                Arguments.of(
                        "first generation without a limit",
                        "2:cpu:/",
                        Map.of("cpu/cpu.cfs_quota_us", "-1", "cpu/cpu.cfs_period_us", "100000"),
                        Runtime.getRuntime().availableProcessors()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cores")
    void cores(String what, String groups, Map<String, String> files, int count) throws Exception {
        assertThat(run("core_count", groups, files)).isEqualTo(String.valueOf(count));
    }

    /** This machine as it is. */
    @Test
    void saysSomethingHere() throws Exception {
        assertThat(Integer.parseInt(bash("memory_mib"))).isBetween(1, 1 << 30);
        assertThat(Integer.parseInt(bash("core_count")))
                .isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    private String run(String function, String groups, Map<String, String> files) throws Exception {
        write("proc/meminfo", "MemTotal:        8192000 kB\n");
        StringBuilder cores = new StringBuilder();
        for (int core = 0; core < 64; core++) {
            cores.append("physical id\t: 0\ncore id\t\t: ").append(core).append('\n');
        }
        write("proc/cpuinfo", cores.toString());
        write("proc/self/cgroup", groups + "\n");
        for (Map.Entry<String, String> file : files.entrySet()) {
            write("sys/" + file.getKey(), file.getValue() + "\n");
        }
        return bash("proc=" + folder + "/proc; cgroups=" + folder + "/sys; " + function);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Runs a line of bash after the part of run.sh that asks the machine. */
    private static String bash(String line) throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/cgroup")));
        Process process = new ProcessBuilder("/bin/bash", "-c", "set -euo pipefail; source " + SCRIPT + "; " + line)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
