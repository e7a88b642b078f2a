package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import java.util.Optional;

/** What a machine has of CUDA. */
public record Toolkit(Driver driver, Nvrtc nvrtc, Cublas cublas) {
    /** The first version that knows all that is called, as {@code cuDriverGetVersion} writes it. */
    private static final int OLDEST_DRIVER = 12_000;

    private static final int NO_CARD = 100;

    /**
     * Loads the driver, and NVRTC and cuBLAS of the newest major version of CUDA that the driver knows and the machine has.
     *
     * @throws CudaException that says in one line what is missing, and what to install
     */
    public static Toolkit open(LibrarySearch search) {
        Driver driver = search.load("libcuda.so.1")
                .map(Toolkit::driver)
                .orElseThrow(() -> new CudaException("cuda needs NVIDIA's driver, and libcuda.so.1 is nowhere:"
                        + " use cpu, or install driver 525 or newer"));
        IntByReference version = new IntByReference();
        check(driver, driver.cuDriverGetVersion(version), "cuDriverGetVersion");
        if (version.getValue() < OLDEST_DRIVER) {
            throw new CudaException("cuda needs a driver that knows CUDA 12.0, this one knows "
                    + written(version.getValue()) + ": install driver 525 or newer");
        }
        int status = driver.cuInit(0);
        if (status == NO_CARD) {
            throw new CudaException("cuda finds NVIDIA's driver, but no card: use cpu");
        }
        check(driver, status, "cuInit");
        List<Integer> majors = version.getValue() >= 13_000 ? List.of(13, 12) : List.of(12);
        for (int major : majors) {
            Optional<Nvrtc> nvrtc = nvrtc(search, major);
            Optional<Cublas> cublas = search.load("libcublas.so." + major, "libcublasLt.so." + major)
                    .map(library -> DirectCublas.of(LibrarySearch.library(library)));
            if (nvrtc.isPresent() && cublas.isPresent()) {
                return new Toolkit(driver, nvrtc.get(), cublas.get());
            }
        }
        // What CUDA 13 is for, 12 does as well, but for a card that only 13 knows.
        String packages = majors.get(0) == 13
                ? "pip install nvidia-cuda-nvrtc nvidia-cublas, or CUDA 13"
                : "pip install nvidia-cuda-nvrtc-cu12 nvidia-cublas-cu12, or CUDA 12";
        throw new CudaException("cuda needs NVRTC and cuBLAS of CUDA " + (majors.size() > 1 ? "13 or 12" : "12")
                + ", and they are not both there: " + packages);
    }

    /** NVRTC of a major version of CUDA, which needs no driver. */
    public static Optional<Nvrtc> nvrtc(LibrarySearch search, int major) {
        return search.load("libnvrtc.so." + major, "libnvrtc-builtins.so." + major)
                .map(library -> Native.load(library, Nvrtc.class, LibrarySearch.OPTIONS));
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
        if (status != 0) {
            PointerByReference text = new PointerByReference();
            boolean known = driver.cuGetErrorString(status, text) == 0 && text.getValue() != null;
            throw new CudaException(function + ": " + (known ? text.getValue().getString(0) : "status " + status));
        }
    }
}
