// NVIDIA's driver, NVRTC and cuBLAS, as far as they are called, on a CPU: one library under any of their names. Kernels are
// compiled by g++ and run in fibers, warps and blocks in random order, with checks that a card does not make.
//
// What is checked of a kernel: elements outside of a region; elements that two threads touch, one of them writing, without a
// barrier between them (threads of other blocks: never, but for what a block leaves behind a fence); numbers that nobody has
// written; barriers that not all threads reach. Of a program: work that touches what other work touches, one of them writing,
// where neither waits for the other, in a graph or in streams; products that share a workspace, within a graph or beside one, where neither
// waits for the other; calls that cannot be captured; libraries that a captured call would have to load; streams that a capture
// does not join again; work of one thread that falls into what another one captures; cuBLAS's handle in the hands of two threads
// at once; kernels for another card. What has been made and not given back is counted.
//
// Work of a stream is done when somebody waits for it, or with `fake_configure(1, ...)` at once. So results that are read, and
// memory that is overwritten, too early are wrong, as they may be on a card. A graph's work is done in any order that it
// allows, another one each time.
//
// A program that does not call `fake_configure` chooses by its environment: FAKE_CUDA_STREAMS=eager for work at once, and
// FAKE_CUDA_TEXTS names a folder that keeps all texts that are compiled, each with its options.
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

struct uint3 {
  unsigned x, y, z;
};

static const size_t ROOM = (size_t) 1 << 30;
static const int MOST_THREADS = 1024, WARP_SIZE = 32;
static const size_t STACK = 128 << 10, SHARED_BYTES = 48 << 10;

// Any number of threads call, one at a time.
static std::recursive_mutex everything;
#define ALONE std::lock_guard<std::recursive_mutex> alone(everything);
static std::map<std::string, int> live;

static uint64_t random_state = 1;
static int eager = getenv("FAKE_CUDA_STREAMS") && !strcmp(getenv("FAKE_CUDA_STREAMS"), "eager"), architecture = 90, driver_version = 13000, cards = 1;
static std::string last_error;

static unsigned draw(unsigned bound) {
  random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
  return (unsigned) ((random_state >> 33) % bound);
}
template <class T> static void shuffle(std::vector<T>& all) {
  for (size_t i = all.size(); i > 1; i--) std::swap(all[i - 1], all[draw((unsigned) i)]);
}

// ---- memory, and who touched it -----------------------------------------------------------------------------------------

// Of four bytes, and of two where somebody has touched two alone, as the smallest numbers have that kernels write.
struct Touch {
  unsigned launch;
  int writer_block, reader_block;          // -1: nobody, -2: several
  short writer_thread, reader_thread;
  unsigned short write_epoch, read_epoch, fence;
  bool split;                              // what is known stands in the halves
  unsigned writer, reader;                 // pieces of work
};
struct Touches {
  Touch *wholes, *halves;
  // Calls for all parts of so many bytes, which begin at one of their own size; 1 counts as 2.
  template <class Each> void each(size_t at, size_t bytes, Each call) {
    for (size_t end = at + bytes; at < end;) {
      Touch& whole = wholes[at / 4];
      bool all = at % 4 == 0 && end - at >= 4;
      if (all && !whole.split) {
        call(whole);
      } else {
        Touch* two = halves + at / 4 * 2;
        if (!whole.split) {
          two[0] = two[1] = whole;
          whole.split = true;
        }
        call(two[at / 2 % 2]);
        if (all) call(two[1]);
      }
      at += all ? 4 : 2;
    }
  }
};
static char* room;
static unsigned char* written;  // of each two bytes
static Touches touches;
static std::map<char*, size_t> blocks_of_memory;
static std::map<char*, size_t> pinned;

static void* reserve(size_t bytes) {
  void* at = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) {
    fprintf(stderr, "cannot reserve %zu bytes\n", bytes);
    abort();
  }
  return at;
}
// The block that was asked for last.
static char *block_from, *block_to;
static bool is_device(const void* p, size_t bytes) {
  if ((char*) p >= block_from && (char*) p + bytes <= block_to) return true;
  auto it = blocks_of_memory.upper_bound((char*) p);
  if (it == blocks_of_memory.begin()) return false;
  --it;
  bool inside = (char*) p >= it->first && (char*) p + bytes <= it->first + it->second;
  if (inside) block_from = it->first, block_to = it->first + it->second;
  return inside;
}
static bool is_pinned(const void* p) {
  auto it = pinned.upper_bound((char*) p);
  if (it == pinned.begin()) return false;
  --it;
  return (char*) p < it->first + it->second;
}
static void mark_written(const void* p, size_t bytes) { memset(written + ((char*) p - room) / 2, 1, (bytes + 1) / 2); }
static void clear_written(const void* p, size_t bytes) {
  char* from = (char*) written + ((const char*) p - room) / 2;
  char* to = from + bytes / 2;
  // Whole pages are given back: most of a large block is never touched.
  char* first = (char*) (((uintptr_t) from + 4095) / 4096 * 4096);
  char* last = (char*) ((uintptr_t) to / 4096 * 4096);
  if (first >= last) {
    memset(from, 0, to - from);
    return;
  }
  memset(from, 0, first - from);
  madvise(first, last - first, MADV_DONTNEED);
  memset(last, 0, to - last);
}
static bool is_written(const void* p, size_t bytes) {
  const unsigned char* from = written + ((const char*) p - room) / 2;
  return std::all_of(from, from + (bytes + 1) / 2, [](unsigned char w) { return w; });
}

// The graph that runs now.
struct Node {
  std::function<int()> work;
  std::vector<int> after;
  std::vector<bool> ancestors;
  uint64_t workspace;
};
static std::vector<Node>* graph_nodes;
static unsigned graph_run;

// How far each stream is that a piece of work waits for, itself included.
typedef std::map<unsigned, unsigned> Clock;
static void join(Clock& clock, const Clock& other) {
  for (auto& stream : other) clock[stream.first] = std::max(clock[stream.first], stream.second);
}
// What the host has waited for.
static Clock host;

// A piece of work that was begun: of a stream, or of a graph in it.
struct Piece {
  unsigned stream, place;
  unsigned run;
  int node;
};
static std::vector<Piece> pieces;
static unsigned first_piece = 1;
static const Clock* clock_now;
static std::string conflict;

static unsigned piece_now;
// What was found to be before it, last: most of its elements were written by one other.
static unsigned piece_before;
static void begin_piece(const Piece& piece) {
  pieces.push_back(piece);
  piece_now = first_piece + (unsigned) pieces.size() - 1;
  piece_before = 0;
}
static bool is_unordered(unsigned other) {
  const Piece &before = pieces[other - first_piece], &now = pieces.back();
  if (now.run && now.run == before.run) return before.node != now.node && !(*graph_nodes)[now.node].ancestors[before.node];
  auto known = clock_now->find(before.stream);
  return known == clock_now->end() || known->second < before.place;
}
static bool unordered(unsigned other) {
  if (other < first_piece || other == piece_now || other == piece_before) return false;
  if (is_unordered(other)) return true;
  piece_before = other;
  return false;
}
static std::string name_of(const Piece& piece) {
  return (piece.run ? "work " + std::to_string(piece.node) + " of a graph" : "work " + std::to_string(piece.place)) + " of stream "
      + std::to_string(piece.stream);
}
static void touch_by_work(Touch& t, bool writes) {
  if (conflict.empty() && (unordered(t.writer) || (writes && unordered(t.reader))))
    conflict = name_of(pieces.back()) + " touches what " + name_of(pieces[(unordered(t.writer) ? t.writer : t.reader) - first_piece])
        + " touches, and neither waits for the other";
  (writes ? t.writer : t.reader) = piece_now;
}
static void touch_range(const void* p, size_t bytes, bool writes) {
  // Of long ranges, as a whole training's data are, a few numbers: what is kept of each would fill the machine.
  size_t at = (const char*) p - room;
  auto touch = [&](Touch& t) { touch_by_work(t, writes); };
  if (bytes <= (1 << 20)) return touches.each(at, bytes, touch);
  for (size_t i = 0; i + 4 <= bytes; i += 4096) touches.each(at + i, 4, touch);
}

// ---- a launch -----------------------------------------------------------------------------------------------------------

enum Wait { RUNNABLE, BLOCK, WARP, DONE };
struct Fiber {
  void* stack;
  Wait wait;
  unsigned mask, epoch, turn;
  size_t shared;
};
typedef void (*Entry)(void** arguments);
static Fiber fibers[MOST_THREADS];
static char* stacks;
static int current, threads;
static void* scheduler;
static Entry entry;
static void** arguments;
static unsigned launch_number, block_number;
static std::vector<unsigned> fences;
// What the block's threads have left for others, and in which epoch they have counted that it is there.
struct Left {
  int thread;
  unsigned epoch, fence;
};
static std::vector<Left> lefts;
static long counted;
static char problem[400];
static float exchange[MOST_THREADS / 32][2][32];
alignas(64) static char shared_memory[SHARED_BYTES];
static Touch shared_wholes[SHARED_BYTES / 4], shared_halves[SHARED_BYTES / 2];
static Touches shared_touches{shared_wholes, shared_halves};

extern "C" uint3 emu_thread, emu_block;
uint3 emu_thread, emu_block;

static void fail(const char* format, long a = 0, long b = 0) {
  if (!problem[0]) {
    int n = snprintf(problem, sizeof problem, format, a, b);
    snprintf(problem + n, sizeof problem - n, " (block %u thread %d)", emu_block.x, current);
  }
}
extern "C" void emu_switch(void** from, void* to) __attribute__((visibility("hidden")));
asm(".text\n.globl emu_switch\n.hidden emu_switch\n.type emu_switch,@function\nemu_switch:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "movq %rsp,(%rdi)\nmovq %rsi,%rsp\n"
    "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n");

static void pause_for(Wait wait, unsigned mask) {
  fibers[current].wait = wait;
  fibers[current].mask = mask;
  emu_switch(&fibers[current].stack, scheduler);
}
static void enter() {
  entry(arguments);
  pause_for(DONE, 0);
  abort();
}
static bool release() {
  bool any = false;
  int waiting = 0, done = 0;
  for (int t = 0; t < threads; t++) {
    waiting += fibers[t].wait == BLOCK;
    done += fibers[t].wait == DONE;
  }
  if (waiting > 0 && waiting + done == threads) {
    if (done > 0) fail("%ld threads have ended, %ld wait at a barrier", done, waiting);
    for (int t = 0; t < threads; t++)
      if (fibers[t].wait == BLOCK) {
        fibers[t].wait = RUNNABLE;
        fibers[t].epoch++;
        any = true;
      }
  }
  for (int w = 0; w * 32 < threads; w++) {
    unsigned arrived = 0, mask = 0;
    for (int l = 0; l < 32 && w * 32 + l < threads; l++)
      if (fibers[w * 32 + l].wait == WARP) {
        arrived |= 1u << l;
        mask = fibers[w * 32 + l].mask;
      }
    if (arrived && arrived == mask)
      for (int l = 0; l < 32; l++)
        if (mask >> l & 1) {
          fibers[w * 32 + l].wait = RUNNABLE;
          any = true;
        }
  }
  return any;
}
static void run_block() {
  if (!stacks) stacks = (char*) reserve(MOST_THREADS * STACK);
  block_number++;
  lefts.clear();
  counted = -1;
  for (int t = 0; t < threads; t++) {
    void** top = (void**) (stacks + (size_t) (t + 1) * STACK) - 2;
    top[0] = (void*) enter;  // where emu_switch returns to: the stack is then as after a call
    for (int i = 1; i <= 6; i++) top[-i] = 0;
    fibers[t] = Fiber{top - 6, RUNNABLE, 0, 0, 0, 0};
  }
  // Warps in any order, their threads up or down: neighbours touch neighbours, which caches like.
  std::vector<int> order(threads / WARP_SIZE);
  for (size_t w = 0; w < order.size(); w++) order[w] = (int) w * WARP_SIZE;
  while (!problem[0]) {
    bool ran = false;
    shuffle(order);
    for (int first : order) {
      int turned = draw(2) ? WARP_SIZE - 1 : 0;
      for (int lane = 0; lane < WARP_SIZE; lane++) {
        int t = first + (lane ^ turned);
        if (fibers[t].wait != RUNNABLE) continue;
        ran = true;
        current = t;
        emu_thread = uint3{(unsigned) t, 0, 0};
        emu_switch(&scheduler, fibers[t].stack);
      }
    }
    if (ran) continue;
    if (std::all_of(fibers, fibers + threads, [](const Fiber& f) { return f.wait == DONE; })) return;
    if (!release()) fail("a barrier that not all threads reach");
  }
}
// Blocks in a random order, one after the other.
static std::string launch(Entry kernel, unsigned blocks, unsigned of_threads, void** with) {
  problem[0] = 0;
  entry = kernel;
  arguments = with;
  threads = (int) of_threads;
  launch_number++;
  fences.assign((size_t) blocks * of_threads, 0);
  std::vector<unsigned> order(blocks);
  for (unsigned b = 0; b < blocks; b++) order[b] = b;
  shuffle(order);
  for (unsigned b : order) {
    if (problem[0]) break;
    emu_block = uint3{b, 0, 0};
    run_block();
  }
  return problem;
}

static bool is_shared(const void* at) { return (char*) at >= shared_memory && (char*) at < shared_memory + SHARED_BYTES; }
static void refresh(Touch& t, unsigned number) {
  if (t.launch == number) return;
  t.launch = number;
  t.writer_block = t.reader_block = -1;
}
static void check_write(Touch& t) {
  int block = (int) emu_block.x;
  unsigned short epoch = (unsigned short) fibers[current].epoch;
  if (t.writer_block >= 0 && (t.writer_block != block || (t.writer_thread != current && t.write_epoch == epoch)))
    fail("two threads write one element: block %ld thread %ld wrote it before", t.writer_block, t.writer_thread);
  if (t.reader_block != -1 && (t.reader_block != block || (t.reader_thread != current && t.read_epoch == epoch)))
    fail("an element is written that block %ld thread %ld has read without a barrier", t.reader_block, t.reader_thread);
  t.writer_block = block;
  t.writer_thread = (short) current;
  t.write_epoch = epoch;
  t.fence = (unsigned short) fences[(size_t) block * threads + current];
}
static void check_read(Touch& t, int left) {
  int block = (int) emu_block.x;
  unsigned short epoch = (unsigned short) fibers[current].epoch;
  bool fenced = left && t.writer_block >= 0 && t.writer_block != block
      && fences[(size_t) t.writer_block * threads + t.writer_thread] > t.fence;
  if (t.writer_block >= 0 && !fenced && (t.writer_block != block || (t.writer_thread != current && t.write_epoch == epoch)))
    fail(left ? "an element is read that block %ld thread %ld has left without a fence"
              : "an element is read that block %ld thread %ld has written without a barrier", t.writer_block, t.writer_thread);
  bool again = t.reader_block == block && t.read_epoch == epoch && t.reader_thread != current;
  t.reader_thread = (short) (again ? -2 : current);
  t.reader_block = t.reader_block == -1 || t.reader_block == block ? block : -2;
  t.read_epoch = epoch;
}
extern "C" {
void emu_outside(long i, long n) { fail("element %ld of %ld", i, n); }
void emu_write(void* at, int bytes, int left) {
  if (is_shared(at)) {
    // Which is another one in each block.
    shared_touches.each((char*) at - shared_memory, bytes, [](Touch& t) {
      refresh(t, block_number);
      check_write(t);
    });
  } else {
    if (!is_device(at, bytes)) return fail("memory that is not the card's");
    touches.each((char*) at - room, bytes, [](Touch& t) {
      refresh(t, launch_number);
      touch_by_work(t, true);
      check_write(t);
    });
    mark_written(at, bytes);
  }
  if (left) {
    unsigned epoch = fibers[current].epoch;
    if (counted == (long) epoch) fail("an element is left after the block has counted that it is there");
    lefts.push_back(Left{current, epoch, fences[(size_t) emu_block.x * threads + current]});
  }
}
void emu_read(const void* at, int bytes, int left) {
  if (is_shared(at)) {
    shared_touches.each((char*) at - shared_memory, bytes, [](Touch& t) {
      refresh(t, block_number);
      if (t.writer_block == -1) fail("an element is read that nobody has written");
      check_read(t, 0);
    });
    return;
  }
  if (!is_device(at, bytes)) return fail("memory that is not the card's");
  if (!is_written(at, bytes)) return fail("an element is read that nobody has written");
  touches.each((char*) at - room, bytes, [left](Touch& t) {
    refresh(t, launch_number);
    touch_by_work(t, false);
    check_read(t, left);
  });
}
void* emu_shared(size_t bytes) {
  size_t at = fibers[current].shared;
  fibers[current].shared += (bytes + 15) / 16 * 16;
  if (fibers[current].shared > SHARED_BYTES) {
    fail("%ld bytes of shared memory, of %ld", (long) fibers[current].shared, SHARED_BYTES);
    return shared_memory;
  }
  return shared_memory + at;
}
void emu_barrier() { pause_for(BLOCK, 0); }
float emu_shuffle(unsigned mask, float v, int with) {
  int lane = current % 32, warp = current / 32;
  unsigned turn = fibers[current].turn++ & 1;
  exchange[warp][turn][lane] = v;
  pause_for(WARP, mask);
  return exchange[warp][turn][lane ^ with];
}
void emu_fence() { fences[(size_t) emu_block.x * threads + current]++; }
unsigned emu_add(unsigned* at, unsigned v) {
  if (!is_device(at, 4) || !is_written(at, 4)) {
    fail("a counter that nobody has set");
    return 0;
  }
  touch_range(at, sizeof *at, true);
  for (auto& l : lefts) {
    if (l.thread != current && l.epoch == fibers[current].epoch)
      fail("thread %ld has left an element without a barrier until the block counts that it is there", l.thread);
    if (fences[(size_t) emu_block.x * threads + l.thread] <= l.fence)
      fail("thread %ld has left an element without a fence until the block counts that it is there", l.thread);
  }
  counted = fibers[current].epoch;
  unsigned old = *at;
  *at = old + v;
  return old;
}

// ---- NVRTC --------------------------------------------------------------------------------------------------------------

static const int ARCHITECTURES = 4, architectures[] = {75, 80, 90, 100};
struct Program {
  std::string text, log, code;
};
static std::string slurp(const std::string& path) {
  std::string s;
  FILE* f = fopen(path.c_str(), "rb");
  if (!f) return s;
  char part[65536];
  size_t n;
  while ((n = fread(part, 1, sizeof part, f)) > 0) s.append(part, n);
  fclose(f);
  return s;
}
int nvrtcVersion(int* major, int* minor) {
  *major = 0;
  *minor = 1;
  return 0;
}
int nvrtcGetNumSupportedArchs(int* n) {
  *n = ARCHITECTURES;
  return 0;
}
int nvrtcGetSupportedArchs(int* a) {
  std::copy(architectures, architectures + ARCHITECTURES, a);
  return 0;
}
const char* nvrtcGetErrorString(int code) { return code == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR"; }
int nvrtcCreateProgram(Program** p, const char* text, const char*, int, const char**, const char**) {
  *p = new Program{text, "", ""};
  return 0;
}
int nvrtcDestroyProgram(Program** p) {
  delete *p;
  *p = 0;
  return 0;
}
// Keeps a text under a name of its contents', behind a line of the options.
static void keep(const std::string& text, int n, const char** options) {
  const char* folder = getenv("FAKE_CUDA_TEXTS");
  if (!folder || !*folder) return;
  std::string all = "//";
  for (int i = 0; i < n; i++) all += std::string(" ") + options[i];
  all += "\n" + text;
  char name[40];
  snprintf(name, sizeof name, "/%016zx.cu", std::hash<std::string>()(all));
  FILE* f = fopen((folder + std::string(name)).c_str(), "wb");
  if (!f) return;
  fwrite(all.data(), 1, all.size(), f);
  fclose(f);
}
int nvrtcCompileProgram(Program* p, int n, const char** options) {
  int of_card = 0;
  keep(p->text, n, options);
  for (int i = 0; i < n; i++) {
    if (!strncmp(options[i], "--gpu-architecture=sm_", 22)) of_card = atoi(options[i] + 22);
    if (strncmp(options[i], "--", 2)) {
      p->log = std::string("unknown option ") + options[i];
      return 5;
    }
  }
  if (!of_card) {
    p->log = "no architecture: the code would be PTX";
    return 5;
  }
  if (std::find(architectures, architectures + ARCHITECTURES, of_card) == architectures + ARCHITECTURES) {
    p->log = "an unknown architecture";
    return 5;
  }
  char folder[] = "/tmp/fake-nvrtc-XXXXXX";
  if (!mkdtemp(folder)) return 1;
  std::string at = folder;
  FILE* f = fopen((at + "/k.cpp").c_str(), "wb");
  fwrite(p->text.data(), 1, p->text.size(), f);
  fclose(f);
  std::string command = "g++ -std=c++17 -O1 -w -fPIC -shared -DON_CPU -DEMU_ARCHITECTURE=" + std::to_string(of_card) + " -include " HEADER " -o " + at + "/k.so " + at
      + "/k.cpp 2> " + at + "/log";
  int status = system(command.c_str());
  p->log = slurp(at + "/log");
  p->code = slurp(at + "/k.so");
  for (const char* name : {"/k.cpp", "/k.so", "/log"}) unlink((at + name).c_str());
  rmdir(folder);
  return status == 0 ? 0 : 6;
}
int nvrtcGetProgramLogSize(Program* p, size_t* n) {
  *n = p->log.size() + 1;
  return 0;
}
int nvrtcGetProgramLog(Program* p, char* to) {
  memcpy(to, p->log.c_str(), p->log.size() + 1);
  return 0;
}
int nvrtcGetCUBINSize(Program* p, size_t* n) {
  *n = p->code.size();
  return 0;
}
int nvrtcGetCUBIN(Program* p, char* to) {
  memcpy(to, p->code.data(), p->code.size());
  return 0;
}

// ---- the driver ---------------------------------------------------------------------------------------------------------

enum Status {
  OK = 0, INVALID = 1, NO_MEMORY = 2, NO_CARD = 100, NO_CONTEXT = 201, LAUNCH_FAILED = 719, CAPTURE_FORBIDS = 900,
  CAPTURE_UNJOINED = 904, CAPTURE_ISOLATED = 905
};
struct Work {
  std::function<int()> run;
  std::vector<std::shared_ptr<Work>> after;
  bool done = false;
  unsigned stream, place;
  Clock clock;
};
struct Graph {
  std::vector<Node> nodes;
  std::thread::id thread;  // that captures it
};
struct Stream {
  unsigned number, places = 0;
  std::shared_ptr<Work> last;
  std::vector<std::shared_ptr<Work>> waits;
  Graph* captured = 0;
  bool origin = false;
  std::vector<int> frontier;
};
struct Event {
  std::shared_ptr<Work> work;
  Graph* captured = 0;
  std::vector<int> frontier;
  std::shared_ptr<timespec> time;
};
struct Function {
  Entry entry;
  int parameters;
  std::string name;
  bool loaded;
};
struct Module {
  void* handle;
  std::vector<Function*> functions;
};
static std::set<Stream*> streams;
static int sticky = OK;
static thread_local bool entered = false;

static int refuse(int status, const std::string& why) {
  last_error = why;
  return status;
}
static bool is_mine(Graph* g) { return g->thread == std::this_thread::get_id(); }
// Whether this thread does; others may go on meanwhile.
static bool capturing() {
  return std::any_of(streams.begin(), streams.end(), [](Stream* s) { return s->captured && is_mine(s->captured); });
}
static int of_another(Stream* s) {
  return s->captured && !is_mine(s->captured) ? refuse(CAPTURE_FORBIDS, "work of one thread falls into what another one captures") : OK;
}
// All that a piece of work waits for, in any order that is allowed; then it.
static void need(const std::vector<std::shared_ptr<Work>>& wanted) {
  std::vector<std::shared_ptr<Work>> open, all;
  std::set<Work*> seen;
  for (auto& w : wanted) if (w) open.push_back(w);
  while (!open.empty()) {
    auto w = open.back();
    open.pop_back();
    if (w->done || !seen.insert(w.get()).second) continue;
    all.push_back(w);
    for (auto& before : w->after) if (before) open.push_back(before);
  }
  while (!all.empty()) {
    std::vector<size_t> ready;
    for (size_t i = 0; i < all.size(); i++)
      if (std::all_of(all[i]->after.begin(), all[i]->after.end(), [](auto& w) { return !w || w->done; })) ready.push_back(i);
    size_t next = ready[draw((unsigned) ready.size())];
    auto w = all[next];
    all.erase(all.begin() + next);
    if (sticky == OK) {
      clock_now = &w->clock;
      conflict.clear();
      begin_piece(Piece{w->stream, w->place, 0, 0});
      sticky = w->run();
      if (sticky == OK && !conflict.empty()) sticky = refuse(LAUNCH_FAILED, conflict);
    }
    w->done = true;
    w->after.clear();
    w->run = nullptr;
  }
}
// The host waits: what it gives later follows.
static void wait_for(const std::vector<std::shared_ptr<Work>>& wanted) {
  need(wanted);
  for (auto& w : wanted) if (w) join(host, w->clock);
}
// What used each workspace of cuBLAS last.
static std::map<uint64_t, std::shared_ptr<Work>> users;
static bool follows(const std::shared_ptr<Work>& work, const std::shared_ptr<Work>& before) {
  std::vector<Work*> open{work.get()};
  std::set<Work*> seen;
  while (!open.empty()) {
    Work* w = open.back();
    open.pop_back();
    if (w == before.get()) return true;
    if (!seen.insert(w).second) continue;
    for (auto& a : w->after) if (a && !a->done) open.push_back(a.get());
  }
  return false;
}
static int submit(Stream* s, std::function<int()> run, const std::set<uint64_t>& workspaces = {}) {
  if (!s) return refuse(INVALID, "no stream");
  if (!entered) return refuse(NO_CONTEXT, "no context is current on this thread");
  if (int status = of_another(s)) return status;
  if (s->captured) {
    s->captured->nodes.push_back(Node{run, s->frontier, {}, workspaces.empty() ? 0 : *workspaces.begin()});
    s->frontier = {(int) s->captured->nodes.size() - 1};
    return OK;
  }
  if (sticky) return sticky;
  auto work = std::make_shared<Work>();
  work->run = run;
  work->after = s->waits;
  work->after.push_back(s->last);
  work->stream = s->number;
  work->place = ++s->places;
  work->clock = host;
  for (auto& before : work->after) if (before) join(work->clock, before->clock);
  work->clock[work->stream] = work->place;
  s->waits.clear();
  s->last = work;
  for (uint64_t workspace : workspaces) {
    auto& user = users[workspace];
    // Work at once would hide it; so the error is the work's own.
    if (user && !user->done && !follows(work, user))
      work->run = [] { return refuse(LAUNCH_FAILED, "two products of different streams may run at once with one workspace"); };
    user = work;
  }
  if (eager) need({work});
  return sticky;
}
int cuInit(unsigned) { return cards ? OK : refuse(NO_CARD, "no CUDA-capable device is detected"); }
int cuDriverGetVersion(int* v) {
  ALONE
  *v = driver_version;
  return OK;
}
int cuGetErrorString(int code, const char** s) {
  ALONE
  *s = last_error.empty() ? (code == INVALID ? "invalid argument" : "an error") : last_error.c_str();
  return OK;
}
int cuDeviceGetCount(int* n) {
  ALONE
  *n = cards;
  return OK;
}
int cuDeviceGet(int* d, int) {
  ALONE
  *d = 0;
  return OK;
}
int cuDeviceGetName(char* name, int n, int) {
  ALONE
  snprintf(name, n, "a CPU");
  return OK;
}
int cuDeviceGetAttribute(int* v, int attribute, int) {
  ALONE
  *v = attribute == 75 ? architecture / 10 : attribute == 76 ? architecture % 10 : attribute == 16 ? 132 : 0;
  return OK;
}
int cuDevicePrimaryCtxRetain(void** c, int) {
  ALONE
  *c = (void*) 1;
  live["context"]++;
  return OK;
}
int cuDevicePrimaryCtxRelease_v2(int) {
  ALONE
  live["context"]--;
  return OK;
}
int cuCtxSetCurrent(void* c) {
  ALONE
  entered = c != 0;
  return OK;
}
int cuMemGetInfo_v2(size_t* free, size_t* all) {
  ALONE
  if (!entered) return refuse(NO_CONTEXT, "no context is current on this thread");
  *all = ROOM;
  *free = ROOM;
  for (auto& block : blocks_of_memory) *free -= block.second;
  return OK;
}
int cuMemAlloc_v2(uint64_t* p, size_t n) {
  ALONE
  if (!entered) return refuse(NO_CONTEXT, "no context is current on this thread");
  if (capturing()) return refuse(CAPTURE_FORBIDS, "memory cannot be allocated while a stream is captured");
  if (!room) {
    room = (char*) reserve(ROOM);
    written = (unsigned char*) reserve(ROOM / 2);
    touches = Touches{(Touch*) reserve(ROOM / 4 * sizeof(Touch)), (Touch*) reserve(ROOM / 2 * sizeof(Touch))};
  }
  if (n == 0) return INVALID;
  // In the first place that is long enough, with a gap behind it, so that what is behind it is nobody's.
  size_t size = (n + 255) / 256 * 256 + 256;
  char* at = room;
  for (auto& block : blocks_of_memory) {
    if (at + size <= block.first) break;
    at = block.first + (block.second + 255) / 256 * 256 + 256;
  }
  if (at + size > room + ROOM) return refuse(NO_MEMORY, "out of memory");
  clear_written(at, size);
  blocks_of_memory[at] = n;
  live["memory"]++;
  *p = (uint64_t) at;
  return OK;
}
int cuMemFree_v2(uint64_t p) {
  ALONE
  // As it waits for the card.
  for (Stream* s : streams) wait_for({s->last});
  block_from = block_to = 0;
  if (!blocks_of_memory.erase((char*) p)) return refuse(INVALID, "memory is freed that is not there");
  live["memory"]--;
  return OK;
}
int cuMemHostAlloc(void** p, size_t n, unsigned) {
  ALONE
  *p = malloc(n);
  if (!*p) return NO_MEMORY;
  pinned[(char*) *p] = n;
  live["pinned memory"]++;
  return OK;
}
int cuMemFreeHost(void* p) {
  ALONE
  for (Stream* s : streams) wait_for({s->last});
  if (!pinned.erase((char*) p)) return refuse(INVALID, "memory is unpinned that is not pinned");
  free(p);
  live["pinned memory"]--;
  return OK;
}
int cuStreamCreate(Stream** s, unsigned) {
  ALONE
  static unsigned number;
  *s = new Stream();
  (*s)->number = number++;
  streams.insert(*s);
  live["stream"]++;
  return OK;
}
int cuStreamDestroy_v2(Stream* s) {
  ALONE
  wait_for({s->last});
  streams.erase(s);
  delete s;
  live["stream"]--;
  return OK;
}
int cuStreamSynchronize(Stream* s) {
  ALONE
  if (capturing() || s->captured) return refuse(CAPTURE_FORBIDS, "nobody can wait for a stream that is captured");
  std::vector<std::shared_ptr<Work>> wanted = s->waits;
  wanted.push_back(s->last);
  wait_for(wanted);
  return sticky;
}
int cuStreamWaitEvent(Stream* s, Event* e, unsigned) {
  ALONE
  if (int status = of_another(s)) return status;
  if (e->captured) {
    if (s->captured && s->captured != e->captured) return refuse(CAPTURE_ISOLATED, "an event of another capture");
    if (!s->captured) s->frontier.clear();
    s->captured = e->captured;
    s->frontier.insert(s->frontier.end(), e->frontier.begin(), e->frontier.end());
  } else if (s->captured) {
    return refuse(CAPTURE_ISOLATED, "a captured stream waits for what is not captured");
  } else {
    s->waits.push_back(e->work);
  }
  return OK;
}
int cuStreamBeginCapture_v2(Stream* s, int) {
  ALONE
  if (s->captured) return refuse(INVALID, "the stream is captured already");
  s->captured = new Graph();
  s->captured->thread = std::this_thread::get_id();
  live["graph"]++;
  s->frontier.clear();
  s->origin = true;
  return OK;
}
int cuStreamEndCapture(Stream* s, Graph** g) {
  ALONE
  if (!s->captured || !s->origin) return refuse(INVALID, "the stream is not captured");
  Graph* graph = s->captured;
  int status = OK;
  for (size_t i = 0; i < graph->nodes.size(); i++) {
    Node& node = graph->nodes[i];
    node.ancestors.assign(graph->nodes.size(), false);
    for (int before : node.after) {
      node.ancestors[before] = true;
      for (size_t j = 0; j < i; j++) if (graph->nodes[before].ancestors[j]) node.ancestors[j] = true;
    }
    for (size_t j = 0; j < i; j++)
      if (node.workspace && node.workspace == graph->nodes[j].workspace && !node.ancestors[j])
        status = refuse(INVALID, "two products may run at once with one workspace");
  }
  for (Stream* other : streams) {
    if (other->captured != graph) continue;
    for (int last : other->frontier) {
      bool joined = std::any_of(s->frontier.begin(), s->frontier.end(),
          [&](int end) { return end == last || graph->nodes[end].ancestors[last]; });
      if (!joined) status = refuse(CAPTURE_UNJOINED, "a stream was captured that is not joined again");
    }
    other->captured = 0;
    other->origin = false;
  }
  *g = graph;
  return status;
}
int cuEventCreate(Event** e, unsigned) {
  ALONE
  *e = new Event();
  live["event"]++;
  return OK;
}
int cuEventDestroy_v2(Event* e) {
  ALONE
  delete e;
  live["event"]--;
  return OK;
}
int cuEventRecord(Event* e, Stream* s) {
  ALONE
  if (int status = of_another(s)) return status;
  e->captured = s->captured;
  if (s->captured) {
    e->frontier = s->frontier;
    return OK;
  }
  auto time = e->time = std::make_shared<timespec>();
  int status = submit(s, [time] {
    clock_gettime(CLOCK_MONOTONIC, time.get());
    return (int) OK;
  });
  e->work = s->last;
  return status;
}
int cuEventSynchronize(Event* e) {
  ALONE
  if (capturing()) return refuse(CAPTURE_FORBIDS, "nobody can wait while a stream is captured");
  wait_for({e->work});
  return sticky;
}
int cuEventElapsedTime(float* ms, Event* from, Event* to) {
  ALONE
  if (!from->work || !to->work || !from->work->done || !to->work->done) return refuse(600, "not ready");
  *ms = (float) ((to->time->tv_sec - from->time->tv_sec) * 1e3 + (to->time->tv_nsec - from->time->tv_nsec) / 1e6);
  return OK;
}
int cuGraphInstantiateWithFlags(Graph** e, Graph* g, unsigned long long) {
  ALONE
  *e = new Graph(*g);
  live["executable graph"]++;
  return OK;
}
int cuGraphLaunch(Graph* e, Stream* s) {
  ALONE
  auto graph = std::make_shared<Graph>(*e);
  std::set<uint64_t> workspaces;
  for (auto& node : graph->nodes) if (node.workspace) workspaces.insert(node.workspace);
  return submit(s, [graph] {
    std::vector<int> waits(graph->nodes.size()), ready;
    std::vector<std::vector<int>> next(graph->nodes.size());
    for (size_t i = 0; i < graph->nodes.size(); i++) {
      waits[i] = (int) graph->nodes[i].after.size();
      if (!waits[i]) ready.push_back((int) i);
      for (int before : graph->nodes[i].after) next[before].push_back((int) i);
    }
    graph_nodes = &graph->nodes;
    graph_run++;
    Piece piece = pieces.back();
    piece.run = graph_run;
    int status = OK;
    size_t done = 0;
    for (; !ready.empty() && status == OK; done++) {
      size_t at = draw((unsigned) ready.size());
      piece.node = ready[at];
      ready.erase(ready.begin() + at);
      begin_piece(piece);
      status = graph->nodes[piece.node].work();
      for (int after : next[piece.node]) if (--waits[after] == 0) ready.push_back(after);
    }
    if (status == OK && done < graph->nodes.size()) abort();
    graph_nodes = 0;
    return status;
  }, workspaces);
}
int cuGraphDestroy(Graph* g) {
  ALONE
  live["graph"]--;
  delete g;
  return OK;
}
int cuGraphExecDestroy(Graph* g) {
  ALONE
  live["executable graph"]--;
  delete g;
  return OK;
}
int cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t n, Stream* s) {
  ALONE
  if (!is_device((void*) to, n)) return refuse(INVALID, "a copy to what is not the card's memory");
  if (is_device(from, 1)) return refuse(INVALID, "a copy from the card's memory, as if it were the host's");
  if (s && s->captured && !is_pinned(from)) return refuse(CAPTURE_FORBIDS, "memory that is not pinned is copied in a graph");
  // Also memory that is not pinned: a driver may, but need not, have read it when this returns.
  return submit(s, [=] {
    memcpy((void*) to, from, n);
    mark_written((void*) to, n);
    touch_range((void*) to, n, true);
    return (int) OK;
  });
}
int cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t n, Stream* s) {
  ALONE
  if (!is_device((void*) from, n)) return refuse(INVALID, "a copy from what is not the card's memory");
  if (is_device(to, 1)) return refuse(INVALID, "a copy to the card's memory, as if it were the host's");
  if (s && s->captured && !is_pinned(to)) return refuse(CAPTURE_FORBIDS, "memory that is not pinned is copied in a graph");
  // Also to memory that is not pinned.
  return submit(s, [=] {
    if (!is_written((void*) from, n)) return refuse(INVALID, "numbers are read that nobody has written");
    touch_range((void*) from, n, false);
    memcpy(to, (void*) from, n);
    return (int) OK;
  });
}
int cuMemsetD32Async(uint64_t to, unsigned v, size_t n, Stream* s) {
  ALONE
  if (!is_device((void*) to, n * 4)) return refuse(INVALID, "what is set is not the card's memory");
  return submit(s, [=] {
    for (size_t i = 0; i < n; i++) ((unsigned*) to)[i] = v;
    mark_written((void*) to, 4 * n);
    touch_range((void*) to, 4 * n, true);
    return (int) OK;
  });
}
int cuModuleLoadData(Module** m, const void* image) {
  ALONE
  if (capturing()) return refuse(CAPTURE_FORBIDS, "nothing can be loaded while a stream is captured");
  // What kernels call is in this library, which was not loaded for all to see.
  static bool visible = false;
  if (!visible) {
    Dl_info self;
    dladdr((void*) &cuModuleLoadData, &self);
    visible = dlopen(self.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) != 0;
  }
  // The size is in the file's header: the end of the table of sections.
  const unsigned char* e = (const unsigned char*) image;
  if (memcmp(e, "\177ELF", 4)) return refuse(200, "an image that is none");
  uint64_t table = *(const uint64_t*) (e + 40);
  unsigned size = *(const uint16_t*) (e + 58), count = *(const uint16_t*) (e + 60);
  char path[] = "/tmp/fake-module-XXXXXX";
  int fd = mkstemp(path);
  if (write(fd, image, table + (uint64_t) size * count) < 0) return INVALID;
  close(fd);
  void* handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  unlink(path);
  if (!handle) return refuse(200, dlerror());
  int* compiled_for = (int*) dlsym(handle, "emu_architecture");
  if (!compiled_for || *compiled_for / 10 != architecture / 10 || *compiled_for > architecture) {
    dlclose(handle);
    return refuse(209, "no kernel image is available for execution on the device");
  }
  *m = new Module{handle, {}};
  live["module"]++;
  return OK;
}
int cuModuleUnload(Module* m) {
  ALONE
  for (Stream* s : streams) wait_for({s->last});
  for (auto f : m->functions) delete f;
  dlclose(m->handle);
  delete m;
  live["module"]--;
  return OK;
}
int cuModuleGetFunction(Function** f, Module* m, const char* name) {
  ALONE
  Entry entry_of = (Entry) dlsym(m->handle, (std::string(name) + "_enter").c_str());
  int* parameters = (int*) dlsym(m->handle, (std::string(name) + "_parameters").c_str());
  if (!entry_of || !parameters) return refuse(500, std::string("there is no kernel ") + name);
  *f = new Function{entry_of, *parameters, name, false};
  m->functions.push_back(*f);
  return OK;
}
int cuLaunchKernel(Function* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    Stream* s, void** parameters, void** extra) {
  ALONE
  if (gy != 1 || gz != 1 || by != 1 || bz != 1 || shared || extra) return refuse(INVALID, "a launch of more than one row");
  if (gx == 0 || gx > 0x7fffffff || bx == 0 || bx > MOST_THREADS || bx % 32)
    return refuse(INVALID, "a launch of " + std::to_string(gx) + " blocks of " + std::to_string(bx) + " threads");
  if (s && s->captured && !f->loaded) return refuse(CAPTURE_FORBIDS, "kernel " + f->name + " would be loaded while a stream is captured");
  f->loaded = true;
  std::vector<uint64_t> values;
  for (int i = 0; i < f->parameters; i++) {
    values.push_back(*(uint64_t*) parameters[i]);
    if (!is_device((void*) values.back(), 1)) return refuse(INVALID, "kernel " + f->name + " is given what is not the card's memory");
  }
  return submit(s, [=]() mutable {
    std::vector<void*> with;
    for (auto& v : values) with.push_back(&v);
    std::string wrong = launch(f->entry, gx, bx, with.data());
    return wrong.empty() ? (int) OK : refuse(LAUNCH_FAILED, f->name + ": " + wrong);
  });
}

// ---- cuBLAS: by columns, as the true one --------------------------------------------------------------------------------

struct Blas {
  Stream* stream;
  uint64_t workspace;
  bool warm;
  std::atomic<int> callers{0};
};
// Who calls with a handle.
struct Caller {
  Blas* blas;
  bool alone;
  Caller(Blas* b) : blas(b), alone(b->callers++ == 0) {}
  ~Caller() { blas->callers--; }
};
int cublasCreate_v2(Blas** b) {
  ALONE
  if (capturing()) return 14;
  *b = new Blas();
  live["cuBLAS"]++;
  return 0;
}
int cublasDestroy_v2(Blas* b) {
  ALONE
  live["cuBLAS"]--;
  delete b;
  return 0;
}
int cublasSetStream_v2(Blas* b, Stream* s) {
  ALONE
  b->stream = s;
  // As the real one does: a workspace is set after the stream.
  b->workspace = 0;
  return 0;
}
int cublasSetWorkspace_v2(Blas* b, void* workspace, size_t n) {
  ALONE
  if (!is_device(workspace, n)) return 7;
  b->workspace = (uint64_t) workspace;
  return 0;
}
static float number(const void* p, int type, size_t i) {
  if (type == 0) return ((const float*) p)[i];
  unsigned bits = (unsigned) ((const unsigned short*) p)[i] << 16;
  float f;
  memcpy(&f, &bits, 4);
  return f;
}
int cublasGemmEx(Blas* h, int ta, int tb, int m, int n, int k, const float* alpha, const void* A, int type_a, int lda,
    const void* B, int type_b, int ldb, const float* beta, void* C, int type_c, int ldc, int compute, int) {
  Caller caller(h);
  if (!caller.alone) return 14;
  ALONE
  auto least = [](int rows) { return rows > 1 ? rows : 1; };
  if (m < 1 || n < 1 || k < 1 || lda < least(ta ? k : m) || ldb < least(tb ? n : k) || ldc < least(m)) return 7;
  if (type_a != type_b || (type_a != 0 && type_a != 14) || type_c != 0 || (compute != 68 && (compute != 77 || type_a != 0)) || *alpha != 1 || *beta != 0) return 15;
  if (h->stream->captured && !h->warm) return 14;
  if (!h->workspace) return 14;
  h->warm = true;
  size_t bytes = type_a == 0 ? 4 : 2;
  auto extent = [](long ld, long rows, long columns) { return (size_t) (ld * (columns - 1) + rows); };
  size_t a_size = extent(lda, ta ? k : m, ta ? m : k) * bytes, b_size = extent(ldb, tb ? n : k, tb ? k : n) * bytes;
  if (!is_device(A, a_size) || !is_device(B, b_size) || !is_device(C, 4 * extent(ldc, m, n))) return 7;
  // To TF32's 11 bits, by leaving the others out.
  auto factor = [=](const void* p, int type, size_t i) {
    float f = number(p, type, i);
    if (compute == 77) {
      unsigned bits;
      memcpy(&bits, &f, sizeof bits);
      bits &= ~0x1fffu;
      memcpy(&f, &bits, sizeof f);
    }
    return (double) f;
  };
  int status = submit(h->stream, [=] {
    touch_range((void*) h->workspace, 4, true);
    auto read = [&](const void* p, int ld, int rows, int columns) {
      bool all = true;
      for (int j = 0; j < columns; j++) {
        const char* column = (const char*) p + bytes * (size_t) ld * j;
        all &= is_written(column, bytes * rows);
        touch_range(column, bytes * rows, false);
      }
      return all;
    };
    if (!read(A, lda, ta ? k : m, ta ? m : k) || !read(B, ldb, tb ? n : k, tb ? k : n))
      return refuse(LAUNCH_FAILED, "a product reads numbers that nobody has written");
    for (int j = 0; j < n; j++) {
      float* column = (float*) C + (size_t) ldc * j;
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int l = 0; l < k; l++)
          sum += factor(A, type_a, ta ? l + (size_t) i * lda : i + (size_t) l * lda)
              * factor(B, type_b, tb ? j + (size_t) l * ldb : l + (size_t) j * ldb);
        column[i] = (float) sum;
      }
      mark_written(column, 4 * (size_t) m);
      touch_range(column, 4 * (size_t) m, true);
    }
    return (int) OK;
  }, {h->workspace});
  return status ? 14 : 0;
}
int cublasSgemm_v2(Blas* h, int ta, int tb, int m, int n, int k, const float* alpha, const float* A, int lda, const float* B,
    int ldb, const float* beta, float* C, int ldc) {
  return cublasGemmEx(h, ta, tb, m, n, k, alpha, A, 0, lda, B, 0, ldb, beta, C, 0, ldc, 68, -1);
}

// ---- the tests' own -----------------------------------------------------------------------------------------------------

// Another machine, on which nobody has done anything yet: how it does its work, and what it is like.
void fake_configure(int at_once, unsigned seed, int capability, int version, int of_cards) {
  ALONE
  live.clear();
  blocks_of_memory.clear();
  pinned.clear();
  streams.clear();
  users.clear();
  graph_nodes = 0;
  first_piece += (unsigned) pieces.size();
  pieces.clear();
  host.clear();
  block_from = block_to = 0;
  entered = false;
  eager = at_once;
  random_state = seed;
  architecture = capability;
  driver_version = version;
  cards = of_cards;
  sticky = OK;
  last_error.clear();
}
// What has been made and not given back, in words; nothing if there is nothing.
const char* fake_live() {
  ALONE
  static std::string all;
  all.clear();
  for (auto& kind : live)
    if (kind.second) all += (all.empty() ? "" : ", ") + std::to_string(kind.second) + " " + kind.first;
  return all.c_str();
}
}
