// Matrices of inputs: row r is of the example with the number examples[r]; a thread has a number.
typedef unsigned long long u64;

extern "C" __global__ void pixels(const unsigned char* __restrict__ values, const u64* __restrict__ examples, float* to) {
  const int t = blockIdx.x * THREADS + threadIdx.x;
  if (t < ROWS * COLUMNS) {
    const long long from = (long long) LD_U64(examples, t / COLUMNS, ROWS) * COLUMNS + t % COLUMNS;
    ST(to, t, ROWS * COLUMNS, (float) LD_U8(values, from, (long long) EXAMPLES * COLUMNS));
  }
}
ENTRY(pixels)
extern "C" __global__ void numbers(const float* __restrict__ values, const u64* __restrict__ examples, float* to) {
  const int t = blockIdx.x * THREADS + threadIdx.x;
  if (t < ROWS * COLUMNS) {
    const long long from = (long long) LD_U64(examples, t / COLUMNS, ROWS) * COLUMNS + t % COLUMNS;
    ST(to, t, ROWS * COLUMNS, LD(values, from, (long long) EXAMPLES * COLUMNS));
  }
}
ENTRY(numbers)
// 1 in the column of an example's class.
extern "C" __global__ void classes(const float* __restrict__ labels, const u64* __restrict__ examples, float* to) {
  const int t = blockIdx.x * THREADS + threadIdx.x;
  if (t < ROWS * COLUMNS) {
    const long long example = (long long) LD_U64(examples, t / COLUMNS, ROWS);
    ST(to, t, ROWS * COLUMNS, (int) LD(labels, example, EXAMPLES) == t % COLUMNS ? 1.0f : 0.0f);
  }
}
ENTRY(classes)
// The same number everywhere.
extern "C" __global__ void same(const float* __restrict__ value, float* to) {
  const int t = blockIdx.x * THREADS + threadIdx.x;
  if (t < ROWS * COLUMNS) ST(to, t, ROWS * COLUMNS, LD(value, 0, 1));
}
ENTRY(same)
