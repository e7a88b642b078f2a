package org.likelihood4j.engine.cuda.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        Path source = Files.writeString(root.resolve("a.cpp"), "extern \"C\" int a() { return 1; }");
        Path missing = root.resolve("libmissing.so");
        compile("-o", missing.toString(), source.toString());
        Path library = root.resolve("libcuda.so.1");
        compile("-o", library.toString(), "-Wl,--no-as-needed", source.toString(), "-L" + root, "-lmissing");
        Files.delete(missing);
        assertSays(
                root,
                "cuda cannot load " + library
                        + ": libmissing.so: cannot open shared object file: No such file or directory");
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
                .hasMessageStartingWith("cuda finds libraries of CUDA 13 that lack what is called: ")
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
        StringBuilder text = new StringBuilder("extern \"C\" {\n");
        for (Method function : Driver.class.getMethods()) {
            boolean asked = function.getName().equals("cuInit");
            boolean version = function.getName().equals("cuDriverGetVersion");
            text.append("int ").append(function.getName());
            text.append(
                    version ? "(int* v) { *v = 13000; return 0; }\n" : "() { return " + (asked ? status : 1) + "; }\n");
        }
        Path source = Files.writeString(root.resolve("a.cpp"), text + "}");
        compile("-o", root.resolve("libcuda.so.1").toString(), source.toString());
        assertThatThrownBy(() -> Toolkit.open(new LibrarySearch(false, List.of(root))))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("cuda finds ")
                .hasMessageContaining(words)
                .hasMessageContaining("(cuInit: status " + status)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
