// CounterRandom's numbers, bit for bit: SplitMix64 by counter, and for normal ones Box and Muller's transform by the logarithm, sine
// and cosine of fdlibm 5.3, which Java's StrictMath is. Each step here is one of IEEE 754's, in the order in which fdlibm has them:
// the compiler must not contract a product and a sum to one rounding (--fmad=false).
//
// strict_log, kernel_sin, kernel_cos and rem_pio2 follow fdlibm's e_log.c, k_sin.c, k_cos.c and e_rem_pio2.c, for the arguments that
// occur here. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
// business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
typedef unsigned long long u64;
#define DEVICE static __device__ __forceinline__

DEVICE unsigned high(double x) { return (unsigned) (__double_as_longlong(x) >> 32); }
DEVICE unsigned low(double x) { return (unsigned) __double_as_longlong(x); }
DEVICE double made(unsigned high, unsigned low) { return __longlong_as_double((long long) ((u64) high << 32 | low)); }

DEVICE u64 mixed(u64 z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}
DEVICE u64 bits(u64 key, u64 i) { return mixed(key + (i + 1) * 0x9e3779b97f4a7c15ull); }
DEVICE u64 sub_key(u64 key, u64 part) { return bits(mixed(key ^ 0x6a09e667f3bcc909ull), part); }

// Of a normal number above 0.
DEVICE double strict_log(double x) {
  const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  int hx = (int) high(x), k = (hx >> 20) - 1023;
  hx &= 0x000fffff;
  int i = (hx + 0x95f64) & 0x100000;
  x = made((unsigned) (hx | (i ^ 0x3ff00000)), low(x));
  k += i >> 20;
  const double f = x - 1.0, dk = (double) k;
  if ((0x000fffff & (2 + hx)) < 3) {
    if (f == 0) return k == 0 ? 0 : dk * ln2_high + dk * ln2_low;
    const double r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : dk * ln2_high - ((r - dk * ln2_low) - f);
  }
  const double s = f / (2.0 + f), z = s * s, w = z * z;
  i = hx - 0x6147a;
  const int j = 0x6b851 - hx;
  const double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double t2 = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01
      + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double r = t2 + t1;
  if ((i | j) > 0) {
    const double half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : dk * ln2_high - ((half - (s * (half + r) + dk * ln2_low)) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * ln2_high - ((s * (f - r) - dk * ln2_low) - f);
}
DEVICE double kernel_sin(double x, double y, int has_tail) {
  const unsigned ix = high(x) & 0x7fffffff;
  if (ix < 0x3e400000 && (int) x == 0) return x;
  const double z = x * x, v = z * x;
  const double r = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * (2.75573137070700676789e-06
      + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  return has_tail ? x - ((z * (0.5 * y - v * r) - y) - v * -1.66666666666666324348e-01)
                  : x + v * (-1.66666666666666324348e-01 + z * r);
}
DEVICE double kernel_cos(double x, double y) {
  const unsigned ix = high(x) & 0x7fffffff;
  if (ix < 0x3e400000 && (int) x == 0) return 1.0;
  const double z = x * x;
  const double r = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
      + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  if (ix < 0x3fd33333) return 1.0 - (0.5 * z - (z * r - x * y));
  const double qx = ix > 0x3fe90000 ? 0.28125 : made(ix - 0x00200000, 0), half = 0.5 * z - qx;
  return (1.0 - qx) - (half - (z * r - x * y));
}
// Of an angle from 0 to below 2 pi: its quarter, and in two parts what is left.
DEVICE int rem_pio2(double x, double* y) {
  const double pio2_1 = 1.57079632673412561417e+00, pio2_1t = 6.07710050650619224932e-11,
      pio2_2 = 6.07710050630396597660e-11, pio2_2t = 2.02226624879595063154e-21, pio2_3 = 2.02226624871116645580e-21,
      pio2_3t = 8.47842766036889956997e-32;
  const unsigned ix = high(x) & 0x7fffffff;
  if (ix <= 0x3fe921fb) {
    y[0] = x;
    y[1] = 0;
    return 0;
  }
  if (ix < 0x4002d97c) {
    double z = x - pio2_1;
    if (ix != 0x3ff921fb) {
      y[0] = z - pio2_1t;
      y[1] = (z - y[0]) - pio2_1t;
    } else {
      z -= pio2_2;
      y[0] = z - pio2_2t;
      y[1] = (z - y[0]) - pio2_2t;
    }
    return 1;
  }
  const int n = (int) (x * 6.36619772367581382433e-01 + 0.5);
  const double fn = (double) n;
  double r = x - fn * pio2_1, w = fn * pio2_1t;
  const unsigned near = n == 2 ? 0x400921fb : n == 3 ? 0x4012d97c : 0x401921fb;
  y[0] = r - w;
  if (ix == near) {
    const int j = (int) (ix >> 20);
    if (j - (int) ((high(y[0]) >> 20) & 0x7ff) > 16) {
      double t = r;
      w = fn * pio2_2;
      r = t - w;
      w = fn * pio2_2t - ((t - r) - w);
      y[0] = r - w;
      if (j - (int) ((high(y[0]) >> 20) & 0x7ff) > 49) {
        t = r;
        w = fn * pio2_3;
        r = t - w;
        w = fn * pio2_3t - ((t - r) - w);
        y[0] = r - w;
      }
    }
  }
  y[1] = (r - y[0]) - w;
  return n;
}
// Numbers i and i + 1 of a key; i is even.
DEVICE void normal_pair(u64 key, u64 i, float* even, float* odd) {
  const double u = (double) ((bits(key, i) >> 11) + 1) * 0x1.0p-53;
  const double radius = sqrt(-2 * strict_log(u));
  const double angle = 2 * 3.141592653589793 * ((double) (bits(key, i + 1) >> 11) * 0x1.0p-53);
  double y[2];
  const int n = rem_pio2(angle, y) & 3;
  const double s = kernel_sin(y[0], y[1], (high(angle) & 0x7fffffff) > 0x3fe921fb), c = kernel_cos(y[0], y[1]);
  *odd = (float) (radius * (n == 0 ? s : n == 1 ? c : n == 2 ? -s : -c));
  *even = (float) (radius * (n == 0 ? c : n == 1 ? -s : n == 2 ? -c : s));
}

// A matrix whose row r is the beginning of the stream of the key's part numbers[r]; a thread has two numbers.
extern "C" __global__ void normals(const u64* __restrict__ key, const u64* __restrict__ numbers, float* to) {
  const int pairs = (SIZE + 1) / 2, t = blockIdx.x * THREADS + threadIdx.x;
  if (t < ROWS * pairs) {
    const int row = t / pairs, i = t % pairs * 2;
    float even, odd;
    normal_pair(sub_key(LD_U64(key, 0, 1), LD_U64(numbers, row, ROWS)), i, &even, &odd);
    ST(to, row * SIZE + i, ROWS * SIZE, even);
    if (i + 1 < SIZE) ST(to, row * SIZE + i + 1, ROWS * SIZE, odd);
  }
}
ENTRY(normals)
extern "C" __global__ void uniforms(const u64* __restrict__ key, const u64* __restrict__ numbers, float* to) {
  const int t = blockIdx.x * THREADS + threadIdx.x;
  if (t < ROWS * SIZE) {
    const int row = t / SIZE, i = t % SIZE;
    const u64 number = bits(sub_key(LD_U64(key, 0, 1), LD_U64(numbers, row, ROWS)), i);
    ST(to, t, ROWS * SIZE, (float) (number >> 40) * 0x1.0p-24f);
  }
}
ENTRY(uniforms)
