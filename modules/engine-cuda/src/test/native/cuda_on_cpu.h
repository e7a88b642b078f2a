// What kernels use of CUDA, for one CPU thread: each thread of a block is a fiber, and fake_cuda.cpp decides which one runs, and
// checks what it touches. Included before a text that was written for NVRTC.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <utility>

struct uint3 {
  unsigned x, y, z;
};

extern "C" {
extern uint3 emu_thread, emu_block;
void emu_outside(long i, long n);
void emu_read(const void* at, int bytes, int left);
void emu_write(void* at, int bytes, int left);
void* emu_shared(size_t bytes);
void emu_barrier();
float emu_shuffle(unsigned mask, float v, int with);
void emu_fence();
unsigned emu_add(unsigned* at, unsigned v);
}

#define __global__
#define __device__
#define __constant__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define UNROLL
#define UNROLL_4
#define UNROLL_16
#define threadIdx emu_thread
#define blockIdx emu_block

template <class T> static inline T emu_load(const T* p, long i, long n, T nothing, int left) {
  if (i < 0 || i >= n) {
    emu_outside(i, n);
    return nothing;
  }
  emu_read(p + i, sizeof(T), left);
  return p[i];
}
template <class T> static inline void emu_store(T* p, long i, long n, T v, int left) {
  if (i < 0 || i >= n) {
    emu_outside(i, n);
    return;
  }
  emu_write(p + i, sizeof(T), left);
  p[i] = v;
}
#define LD(p, i, n) emu_load<float>(p, i, n, NAN, 0)
#define ST(p, i, n, v) emu_store<float>(p, i, n, v, 0)
#define LD_BF16(p, i, n) from_bf16(emu_load<unsigned short>(p, i, n, 0x7fff, 0))
#define ST_BF16(p, i, n, v) emu_store<unsigned short>(p, i, n, to_bf16(v), 0)
#define LD_DOUBLE(p, i, n) emu_load<double>(p, i, n, NAN, 0)
#define LD_U64(p, i, n) emu_load<unsigned long long>(p, i, n, 0, 0)
#define LD_U8(p, i, n) emu_load<unsigned char>(p, i, n, 0, 0)
#define ST_DOUBLE(p, i, n, v) emu_store<double>(p, i, n, v, 0)
// Left for another block, which reads it after a fence of the writer.
#define LD_LEFT(p, i, n) emu_load<float>(p, i, n, NAN, 1)
#define ST_LEFT(p, i, n, v) emu_store<float>(p, i, n, v, 1)
#define LD_DOUBLE_LEFT(p, i, n) emu_load<double>(p, i, n, NAN, 1)
#define ST_DOUBLE_LEFT(p, i, n, v) emu_store<double>(p, i, n, v, 1)
#define SHARED_DOUBLE(name, size) double* name = (double*) emu_shared((size) * sizeof(double))
#define SHARED(name, size) float* name = (float*) emu_shared((size) * sizeof(float))

static inline void __syncthreads() { emu_barrier(); }
static inline void __threadfence() { emu_fence(); }
static inline float __shfl_xor_sync(unsigned mask, float v, int with) { return emu_shuffle(mask, v, with); }
static inline unsigned atomicAdd(unsigned* at, unsigned v) { return emu_add(at, v); }
template <class To, class From> static inline To emu_bits(From from) {
  To to;
  static_assert(sizeof to == sizeof from, "of the same size");
  memcpy(&to, &from, sizeof to);
  return to;
}
static inline float __int_as_float(int i) { return emu_bits<float>(i); }
static inline float __uint_as_float(unsigned i) { return emu_bits<float>(i); }
static inline double __longlong_as_double(long long i) { return emu_bits<double>(i); }
static inline long long __double_as_longlong(double d) { return emu_bits<long long>(d); }
static inline unsigned __float_as_uint(float f) { return emu_bits<unsigned>(f); }

// A kernel's entry: arguments come as the driver is handed them, by where they are.
template <class... A, size_t... I> static void emu_call(void (*kernel)(A...), void** a, std::index_sequence<I...>) {
  kernel(*(A*) a[I]...);
}
template <class... A> static void emu_enter(void (*kernel)(A...), void** a) {
  emu_call(kernel, a, std::make_index_sequence<sizeof...(A)>());
}
template <class... A> static constexpr int emu_count(void (*)(A...)) { return sizeof...(A); }
extern "C" const int emu_architecture = EMU_ARCHITECTURE;
#define ENTRY(name) \
  extern "C" void name##_enter(void** a) { emu_enter(name, a); } \
  extern "C" const int name##_parameters = emu_count(name);
