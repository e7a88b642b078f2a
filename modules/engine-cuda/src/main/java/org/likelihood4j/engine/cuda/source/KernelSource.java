package org.likelihood4j.engine.cuda.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Kernel;

/** CUDA text of a plan's kernels, but for products, which are cuBLAS's, and what only the library can do. */
public final class KernelSource {
    private static final String PRELUDE = """
            #ifndef ON_CPU
            #define LD(p, i, n) (p)[i]
            #define ST(p, i, n, v) ((p)[i] = (v))
            #define LD_BF16(p, i, n) from_bf16((p)[i])
            #define ST_BF16(p, i, n, v) ((p)[i] = to_bf16(v))
            #define LD_DOUBLE(p, i, n) (p)[i]
            #define ST_DOUBLE(p, i, n, v) ((p)[i] = (v))
            #define LD_DOUBLE_LEFT(p, i, n) __ldcg((p) + (i))
            #define ST_DOUBLE_LEFT(p, i, n, v) ((p)[i] = (v))
            #define LD_U64(p, i, n) (p)[i]
            #define LD_U8(p, i, n) (p)[i]
            #define LD_LEFT(p, i, n) __ldcg((p) + (i))
            #define ST_LEFT(p, i, n, v) ((p)[i] = (v))
            #define SHARED(name, size) __shared__ float name[size]
            #define SHARED_DOUBLE(name, size) __shared__ double name[size]
            #define UNROLL _Pragma("unroll")
            #define UNROLL_4 _Pragma("unroll 4")
            #define UNROLL_16 _Pragma("unroll 16")
            #define ENTRY(name)
            #endif
            static __device__ __forceinline__ float from_bf16(unsigned short a) {
              return __uint_as_float((unsigned) a << 16);
            }
            static __device__ __forceinline__ unsigned short to_bf16(float a) {
              const unsigned bits = __float_as_uint(a);
              return a != a ? bits >> 16 | 0x40u : bits + 0x7fffu + (bits >> 16 & 1u) >> 16;
            }
            static __device__ __forceinline__ float larger(float a, float b) { return a > b || a != a ? a : b; }
            static __device__ __forceinline__ float smaller(float a, float b) { return a < b || a != a ? a : b; }
            static __device__ __forceinline__ float warp_sum(float a) {
              for (int with = 16; with > 0; with >>= 1) a += __shfl_xor_sync(0xffffffffu, a, with);
              return a;
            }
            static __device__ __forceinline__ float warp_max(float a) {
              for (int with = 16; with > 0; with >>= 1) a = larger(a, __shfl_xor_sync(0xffffffffu, a, with));
              return a;
            }
            // Whether the calling block is the last of those that count by this ticket, which is 0 before and after: it then sees what the
            // others have left. All of its threads call it, with a float that they share and may use again.
            static __device__ __forceinline__ bool comes_last(unsigned* ticket, unsigned blocks, float* flag) {
              __threadfence();
              __syncthreads();
              if (threadIdx.x == 0) ST(flag, 0, 1, atomicAdd(ticket, 1u) == blocks - 1u ? 1.0f : 0.0f);
              __syncthreads();
              const bool last = LD(flag, 0, 1) != 0.0f;
              if (last) {
                __threadfence();
                if (threadIdx.x == 0) *ticket = 0;
              }
              __syncthreads();
              return last;
            }
            """;

    private final List<List<Launch>> launches = new ArrayList<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final String text;
    private long scratch;
    private int tickets;

    /** Writes the text. */
    public KernelSource(Plan plan, Tiles tiles) {
        for (Kernel kernel : plan.kernels()) {
            launches.add(texts(plan, kernel, tiles).stream().map(this::launch).toList());
        }
        StringBuilder all = new StringBuilder(PRELUDE);
        names.forEach((kernel, name) -> all.append(KernelText.text(kernel, name)));
        this.text = all.toString();
    }

    private static List<KernelText> texts(Plan plan, Kernel kernel, Tiles tiles) {
        Set<Integer> written = RegionUse.of(plan, kernel).stream()
                .filter(RegionUse::written)
                .map(use -> use.region().buffer())
                .collect(Collectors.toSet());
        if (kernel instanceof Kernel.Fused fused) {
            return FusedSource.texts(fused, tiles, () -> new KernelText(plan, written));
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            return List.of(new ConvolutionSource(plan, convolution, tiles, new KernelText(plan, written)).text());
        }
        if (kernel instanceof Kernel.Select select) {
            return List.of(SelectSource.text(plan, select, tiles, new KernelText(plan, written)));
        }
        return List.of();
    }

    private Launch launch(KernelText kernel) {
        scratch = Math.max(scratch, kernel.scratch());
        tickets = Math.max(tickets, kernel.tickets());
        return kernel.launch(names.computeIfAbsent(kernel.text(), unknown -> "kernel" + names.size()));
    }

    /** What all texts begin with. */
    static String prelude() {
        return PRELUDE;
    }

    /** All kernels, each distinct one once. */
    public String text() {
        return text;
    }

    /** How many distinct kernels there are. */
    public int size() {
        return names.size();
    }

    /** What a kernel of the plan is, in order; nothing where it is a product or the library's. */
    public List<Launch> launches(int kernel) {
        return launches.get(kernel);
    }

    /** Floats that blocks need to leave their parts in. */
    public long scratch() {
        return scratch;
    }

    /** Counters that blocks need. */
    public int tickets() {
        return tickets;
    }
}
