package org.likelihood4j.engine.cuda.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.engine.cuda.FakeCuda;
import org.likelihood4j.engine.cuda.OnFakeCuda;

/** What of CUDA is found where, and what is said where it is not. */
@ExtendWith(OnFakeCuda.class)
class ToolkitTest {
    @TempDir
    private Path root;

    private Path folder(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    @Test
    void toolkitsComeBeforeEnvironmentsAndThoseBeforeTheSystemsPackages() throws IOException {
        List<Path> expected = List.of(
                folder("home/cuda/lib64"),
                folder("opt/cuda/lib"),
                folder("usr/local/cuda/lib64"),
                folder("usr/local/cuda-13.1/lib64"),
                folder("usr/local/cuda-12.10/lib64"),
                folder("usr/local/cuda-12.8/lib64"),
                folder("usr/local/cuda-9.2/lib64"),
                folder("venv/lib"),
                folder("venv/lib/python3.12/site-packages/nvidia/cublas/lib"),
                folder("venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib"),
                folder("home/.local/lib/python3.11/site-packages/nvidia/cu13/lib"),
                folder("usr/local/lib/python3.12/dist-packages/nvidia/cublas/lib"));
        folder("usr/local/cuda-13.0/bin");
        folder("venv/lib/python3.12/site-packages/numpy/lib");
        Map<String, String> environment = Map.of(
                "CUDA_HOME",
                root.resolve("home/cuda").toString(),
                "CUDA_PATH",
                root.resolve("opt/cuda").toString(),
                "VIRTUAL_ENV",
                root.resolve("venv").toString(),
                "HOME",
                root.resolve("home").toString());
        assertThat(LibrarySearch.folders(root, environment)).isEqualTo(expected);
        assertThat(LibrarySearch.folders(root.resolve("nowhere"), Map.of())).isEmpty();
    }

    /** As of another user, or on a disk that is broken. */
    @Test
    void aFolderThatCannotBeReadIsPassedOver() throws IOException {
        Path closed = folder("usr/local");
        Path nvidia = folder("usr/lib/python3.12/dist-packages/nvidia/cublas/lib");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assertThat(LibrarySearch.folders(root, Map.of())).contains(nvidia);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** A library that needs another one, which is not there. */
    @Test
    void aLibraryThatCannotBeLoadedIsOneLine() throws Exception {
        Path library = makeLibraryWithoutItsCompanion("libcuda.so.1");
        assertSays(
                root,
                "cuda cannot load " + library
                        + ": libmissing.so: cannot open shared object file: No such file or directory");
    }

    /** The same where the system's loader finds it, as a cuBLAS without cuBLASLt; what it does not find is no failure. */
    @Test
    void whatTheSystemsLoaderCannotLoadIsOneLine() throws Exception {
        Path cut = Files.writeString(root.resolve("libcut.so.1"), "");
        assertSystemSays("libcut.so.1", cut + ": file too short");
        makeLibraryWithoutItsCompanion("libneeds.so.1");
        assertSystemSays("libneeds.so.1", "libmissing.so: cannot open shared object file: No such file or directory");
        assertThat(fromSystem("libnowhere.so.1")).isEmpty();
    }

    private void assertSystemSays(String name, String reason) {
        // Which stands for LD_LIBRARY_PATH, which a process cannot change.
        NativeLibrary.addSearchPath(name, root.toString());
        assertThatThrownBy(() -> fromSystem(name))
                .isInstanceOf(CudaException.class)
                .hasMessage("cuda cannot load " + name + ": " + reason);
    }

    private static Optional<String> fromSystem(String name) {
        return new LibrarySearch(true, List.of()).load(name, List.of(), any -> any, any -> true);
    }

    private Path makeLibraryWithoutItsCompanion(String name) throws Exception {
        Path source = Files.writeString(root.resolve("a.cpp"), "extern \"C\" int a() { return 1; }");
        Path missing = root.resolve("libmissing.so");
        compile("-o", missing.toString(), source.toString());
        Path library = root.resolve(name);
        compile("-o", library.toString(), "-Wl,--no-as-needed", source.toString(), "-L" + root, "-lmissing");
        Files.delete(missing);
        return library;
    }

    /** Of an older toolkit and newer packages of Python; of both is taken what knows the card, and the cuBLAS that belongs to it. */
    @ParameterizedTest
    @CsvSource({"90, 12.4, 4", "120, 12.8, 8", "130, 12.4, 4"})
    void theFirstIsTakenThatKnowsTheCard(int capability, String version, int status) throws Exception {
        FakeCuda.configure(capability, 12_080, 1);
        Path older = folder("cuda/lib64");
        Files.createSymbolicLink(
                older.resolve("libcuda.so.1"), FakeCuda.folder().resolve("libcuda.so.1"));
        List<Path> folders = List.of(older, folder("nvidia/cublas/lib"), folder("nvidia/cuda_nvrtc/lib"));
        makeNvrtc(older, 4, 90);
        makeCublas(older, 4);
        makeNvrtc(folders.get(2), 8, 120);
        makeCublas(folders.get(1), 8);
        Toolkit toolkit = Toolkit.open(new LibrarySearch(false, folders));
        assertThat(new KernelCompiler(toolkit.nvrtc()).version()).isEqualTo(version);
        assertThat(toolkit.cublas().cublasDestroy_v2(null)).isEqualTo(status);
    }

    /** An NVRTC that asks itself what it knows. */
    private void makeNvrtc(Path folder, int minor, int architecture) throws Exception {
        makeLibrary(
                folder.resolve("libnvrtc.so.12"),
                Nvrtc.class,
                Map.of(
                        "nvrtcVersion", "(int* a, int* b) { *a = 12; *b = " + minor + "; return 0; }",
                        "nvrtcGetNumSupportedArchs", "(int* n) { *n = 1; return 0; }",
                        "nvrtcGetSupportedArchs", "(int* all) { *all = what_this_knows(); return 0; }"),
                "() { return 1; }",
                "int what_this_knows() { return " + architecture + "; }");
    }

    private void makeCublas(Path folder, int status) throws Exception {
        makeLibrary(folder.resolve("libcublas.so.12"), Cublas.class, Map.of(), "() { return " + status + "; }", "");
    }

    /** A library of all functions, some of which have bodies of their own. */
    private void makeLibrary(
            Path library, Class<?> functions, Map<String, String> bodies, String otherwise, String more)
            throws Exception {
        StringBuilder text = new StringBuilder("extern \"C\" {\n" + more + "\n");
        for (Method function : functions.getMethods()) {
            String name = function.getName();
            text.append("int ").append(name).append(bodies.getOrDefault(name, otherwise));
            text.append("\n");
        }
        Path source = Files.writeString(root.resolve("a.cpp"), text + "}");
        compile("-o", library.toString(), source.toString());
    }

    /** A driver that is older than some function. */
    @Test
    void aDriverThatLacksAFunctionIsOneLine() throws Exception {
        Path source = Files.writeString(root.resolve("a.cpp"), "extern \"C\" int cuInit(unsigned) { return 0; }");
        compile("-o", root.resolve("libcuda.so.1").toString(), source.toString());
        assertSays(
                root,
                "cuda needs a driver that knows CUDA 12.0, this one lacks some of it: install driver 525 or newer");
    }

    private static void compile(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("g++", "-shared", "-fPIC"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static void assertSays(Path folder, String message) {
        assertThatThrownBy(() -> Toolkit.open(new LibrarySearch(false, List.of(folder))))
                .isInstanceOf(CudaException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsMissingIsOneLine() throws IOException {
        assertSays(
                root,
                "cuda needs NVIDIA's driver, and libcuda.so.1 is nowhere: use cpu, or install driver 525 or"
                        + " newer");
        Path fakes = FakeCuda.folder();
        Files.createSymbolicLink(root.resolve("libcuda.so.1"), fakes.resolve("libcuda.so.1"));
        FakeCuda.configure(FakeCuda.Streams.LATE, 1);
        assertSays(
                root,
                "cuda needs NVRTC and cuBLAS of CUDA 13 or 12, and they are not both there: pip install"
                        + " nvidia-cuda-nvrtc nvidia-cublas, or CUDA 13");
        Files.createSymbolicLink(root.resolve("libnvrtc.so.12"), fakes.resolve("libcuda.so.1"));
        FakeCuda.configure(90, 12_040, 1);
        assertSays(
                root,
                "cuda needs NVRTC and cuBLAS of CUDA 12, and they are not both there: pip install"
                        + " nvidia-cuda-nvrtc-cu12 nvidia-cublas-cu12, or CUDA 12");
        Files.createSymbolicLink(root.resolve("libcublas.so.12"), fakes.resolve("libcuda.so.1"));
        Toolkit toolkit = Toolkit.open(new LibrarySearch(false, List.of(root)));
        assertThat(new KernelCompiler(toolkit.nvrtc()).version()).isEqualTo("0.1");
        FakeCuda.configure(90, 11_040, 1);
        assertSays(root, "cuda needs a driver that knows CUDA 12.0, this one knows 11.4: install driver 525 or newer");
        FakeCuda.configure(90, 13_000, 0);
        assertSays(
                root,
                "cuda finds NVIDIA's driver, but no card: use cpu, or see what nvidia-smi says and whether"
                        + " CUDA_VISIBLE_DEVICES hides it (cuInit: status 100)");
    }

    /** As half an installation is, or one that is cut. */
    @Test
    void cuda12IsTakenWhere13IsBroken() throws Exception {
        Path fakes = FakeCuda.folder();
        Files.createSymbolicLink(root.resolve("libcuda.so.1"), fakes.resolve("libcuda.so.1"));
        FakeCuda.configure(FakeCuda.Streams.LATE, 1);
        Files.writeString(root.resolve("libnvrtc.so.13"), "");
        String cut = "cuda cannot load " + root.resolve("libnvrtc.so.13") + ": " + root.resolve("libnvrtc.so.13")
                + ": file too short";
        assertSays(
                root,
                cut
                        + "; cuda needs NVRTC and cuBLAS of CUDA 13 or 12, and they are not both there: pip install"
                        + " nvidia-cuda-nvrtc nvidia-cublas, or CUDA 13");
        Files.writeString(root.resolve("libcublas.so.12"), "");
        Files.createSymbolicLink(root.resolve("libnvrtc.so.12"), fakes.resolve("libcuda.so.1"));
        assertSays(
                root,
                cut + "; " + cut.replace("libnvrtc.so.13", "libcublas.so.12")
                        + ": pip install nvidia-cuda-nvrtc nvidia-cublas, or CUDA 13");
        Files.delete(root.resolve("libcublas.so.12"));
        Files.createSymbolicLink(root.resolve("libcublas.so.12"), fakes.resolve("libcuda.so.1"));
        assertThat(new KernelCompiler(Toolkit.open(new LibrarySearch(false, List.of(root)))
                                .nvrtc())
                        .version())
                .isEqualTo("0.1");
    }

    /** Whose functions are not all there: cuBLAS of CUDA 13 that is none. */
    @Test
    void cuda12IsTakenWhere13LacksSome() throws Exception {
        Path fakes = FakeCuda.folder();
        FakeCuda.configure(FakeCuda.Streams.LATE, 1);
        for (String name : List.of("libcuda.so.1", "libnvrtc.so.13", "libnvrtc.so.12", "libcublas.so.12")) {
            Files.createSymbolicLink(root.resolve(name), fakes.resolve("libcuda.so.1"));
        }
        Path source = Files.writeString(root.resolve("a.cpp"), "extern \"C\" int cublas() { return 0; }");
        compile("-o", root.resolve("libcublas.so.13").toString(), source.toString());
        Toolkit toolkit = Toolkit.open(new LibrarySearch(false, List.of(root)));
        PointerByReference handle = new PointerByReference();
        assertThat(toolkit.cublas().cublasCreate_v2(handle)).isZero();
        assertThat(toolkit.cublas().cublasDestroy_v2(handle.getValue())).isZero();
        Files.delete(root.resolve("libcublas.so.12"));
        assertThatThrownBy(() -> Toolkit.open(new LibrarySearch(false, List.of(root))))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith(
                        "cuda finds " + root.resolve("libcublas.so.13") + ", which lacks what is called: ")
                .hasMessageEndingWith("; cuda needs NVRTC and cuBLAS of CUDA 13 or 12, and they are not both there: pip"
                        + " install nvidia-cuda-nvrtc nvidia-cublas, or CUDA 13")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    /** What a driver says that is there and cannot be used. */
    @ParameterizedTest
    @CsvSource({
        "34, the stub of NVIDIA's driver",
        "304, --gpus all",
        "802, nvidia-fabricmanager",
        "803, restart the machine after an update",
        "804, compat folder",
        "999, reload its module nvidia_uvm",
        "46, see what nvidia-smi says"
    })
    void aDriverThatRefusesIsOneLine(int status, String words) throws Exception {
        makeLibrary(
                root.resolve("libcuda.so.1"),
                Driver.class,
                Map.of(
                        "cuDriverGetVersion",
                        "(int* v) { *v = 13000; return 0; }",
                        "cuInit",
                        "() { return " + status + "; }"),
                "() { return 1; }",
                "");
        assertThatThrownBy(() -> Toolkit.open(new LibrarySearch(false, List.of(root))))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("cuda finds ")
                .hasMessageContaining(words)
                .hasMessageContaining("(cuInit: status " + status)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
