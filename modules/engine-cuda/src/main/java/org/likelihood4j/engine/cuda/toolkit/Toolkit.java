package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What a machine has of CUDA. */
public record Toolkit(Driver driver, Nvrtc nvrtc, Cublas cublas) {
    /** The first version that knows all that is called, as {@code cuDriverGetVersion} writes it. */
    private static final int OLDEST_DRIVER = 12_000;

    /** What the driver answers first where it cannot be used, and what to do then. */
    private static final Map<Integer, String> REFUSALS = Map.of(
            34,
            "finds the stub of NVIDIA's driver, which a toolkit has for linking only: take its folder off"
                    + " LD_LIBRARY_PATH, and install driver 525 or newer",
            100,
            "finds NVIDIA's driver, but no card: use cpu, or see what nvidia-smi says and whether CUDA_VISIBLE_DEVICES"
                    + " hides it",
            304,
            "finds NVIDIA's driver, which the system keeps from its card: see whether /dev/nvidia* may be read and"
                    + " written; a container is started with --gpus all",
            802,
            "finds a card that is not ready: start nvidia-fabricmanager, and wait for it",
            803,
            "finds libcuda.so.1 of another version than the driver in the kernel: restart the machine after an update,"
                    + " and in a container take the host's libcuda.so.1",
            804,
            "finds libcuda.so.1 of CUDA's package for older drivers, which is not for this card: take its compat folder"
                    + " off LD_LIBRARY_PATH",
            999,
            "finds NVIDIA's driver, which has failed: reload its module nvidia_uvm, or restart the machine");

    /** By what NVRTC is known, and what it is. */
    private record Compiler(String library, Nvrtc nvrtc) {
        static Compiler of(String library) {
            return new Compiler(library, Native.load(library, Nvrtc.class, LibrarySearch.OPTIONS));
        }

        boolean knows(int capability) {
            return new KernelCompiler(nvrtc).target(capability).isPresent();
        }
    }

    /**
     * Loads the driver, and NVRTC and cuBLAS of the newest major version of CUDA that the driver knows and the machine has: of several NVRTCs
     * the first that knows the machine's first card, and cuBLAS rather of its installation than of another, which may be older.
     *
     * @throws CudaException that says in one line what is missing, and what to install
     */
    public static Toolkit open(LibrarySearch search) {
        Driver driver = search.load("libcuda.so.1", List.of(), Toolkit::driver, any -> true)
                .orElseThrow(() -> new CudaException("cuda needs NVIDIA's driver, and libcuda.so.1 is nowhere:"
                        + " use cpu, or install driver 525 or newer"));
        IntByReference version = new IntByReference();
        requireReady(driver, driver.cuDriverGetVersion(version), "cuDriverGetVersion");
        if (version.getValue() < OLDEST_DRIVER) {
            throw new CudaException("cuda needs a driver that knows CUDA 12.0, this one knows "
                    + written(version.getValue()) + ": install driver 525 or newer");
        }
        requireReady(driver, driver.cuInit(0), "cuInit");
        int capability = capability(driver, firstCard(driver));
        List<Integer> majors = version.getValue() >= 13_000 ? List.of(13, 12) : List.of(12);
        List<String> obstacles = new ArrayList<>();
        for (int major : majors) {
            try {
                Optional<Compiler> compiler = compiler(search, major, each -> each.knows(capability));
                Optional<Cublas> cublas = compiler.flatMap(found -> cublas(search.near(found.library()), major));
                if (cublas.isPresent()) {
                    return new Toolkit(driver, compiler.get().nvrtc(), cublas.get());
                }
            } catch (CudaException e) {
                obstacles.add(e.getMessage());
            }
        }
        // What CUDA 13 is for, 12 does as well, but for a card that only 13 knows.
        String packages = majors.get(0) == 13
                ? "pip install nvidia-cuda-nvrtc nvidia-cublas, or CUDA 13"
                : "pip install nvidia-cuda-nvrtc-cu12 nvidia-cublas-cu12, or CUDA 12";
        if (obstacles.size() < majors.size()) {
            obstacles.add("cuda needs NVRTC and cuBLAS of CUDA " + (majors.size() > 1 ? "13 or 12" : "12")
                    + ", and they are not both there");
        }
        throw new CudaException(String.join("; ", obstacles) + ": " + packages);
    }

    private static void requireReady(Driver driver, int status, String function) {
        if (REFUSALS.containsKey(status)) {
            throw new CudaException("cuda " + REFUSALS.get(status) + " (" + function + ": status " + status + ")");
        }
        if (status != 0) {
            throw new CudaException("cuda finds NVIDIA's driver, which cannot be used: use cpu, or see what nvidia-smi"
                    + " says (" + function + ": status " + status + ", " + text(driver, status) + ")");
        }
    }

    private static int firstCard(Driver driver) {
        IntByReference device = new IntByReference();
        check(driver, driver.cuDeviceGet(device, 0), "cuDeviceGet");
        return device.getValue();
    }

    /** A card's compute capability, such as 90 for 9.0. */
    public static int capability(Driver driver, int device) {
        return 10 * attribute(driver, Driver.ATTRIBUTE_MAJOR, device)
                + attribute(driver, Driver.ATTRIBUTE_MINOR, device);
    }

    private static int attribute(Driver driver, int attribute, int device) {
        IntByReference value = new IntByReference();
        check(driver, driver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value.getValue();
    }

    /** NVRTC of a major version of CUDA, which needs no driver. */
    public static Optional<Nvrtc> nvrtc(LibrarySearch search, int major) {
        return compiler(search, major, any -> true).map(Compiler::nvrtc);
    }

    private static Optional<Compiler> compiler(LibrarySearch search, int major, Predicate<Compiler> fits) {
        return search.load("libnvrtc.so." + major, List.of("libnvrtc-builtins.so." + major), Compiler::of, fits);
    }

    private static Optional<Cublas> cublas(LibrarySearch search, int major) {
        return search.load(
                "libcublas.so." + major,
                List.of("libcublasLt.so." + major),
                library -> DirectCublas.of(LibrarySearch.library(library)),
                any -> true);
    }

    private static Driver driver(String library) {
        try {
            return DirectDriver.of(LibrarySearch.library(library));
        } catch (UnsatisfiedLinkError e) {
            throw new CudaException(
                    "cuda needs a driver that knows CUDA 12.0, this one lacks some of it: install driver 525 or newer");
        }
    }

    /** Such as 12.4 of 12040. */
    private static String written(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** Throws if a call of the driver failed, with its own words. */
    public static void check(Driver driver, int status, String function) {
        if (status == Driver.OUT_OF_MEMORY) {
            throw CudaException.noRoom(function);
        }
        if (status != 0) {
            throw new CudaException("cuda: " + function + ": " + text(driver, status));
        }
    }

    private static String text(Driver driver, int status) {
        PointerByReference text = new PointerByReference();
        boolean known = driver.cuGetErrorString(status, text) == 0 && text.getValue() != null;
        return known ? text.getValue().getString(0) : "status " + status;
    }
}
