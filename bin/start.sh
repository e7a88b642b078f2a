# Starts what was built. Sourced by run.sh.

# Whether the command line $@ touches no tensor: it is asked for often, and answers within half a
# second.
is_light() {
  local argument
  for argument in "$@"; do
    case $argument in -h | --help | -V | --version) return 0 ;; esac
  done
  # Options before the command have no values.
  for argument in "$@"; do
    case $argument in
      -*) ;;
      runs | schema | report | live | metrics | completion | init | validate) return 0 ;;
      *) return 1 ;;
    esac
  done
}

# Sets `options` to what every JVM of ours is started with; and the environment.
jvm_options() {
  local memory heap offheap tty=false columns
  memory=$(memory_mib)
  if [ -n "${LIKELIHOOD4J_HEAP:-}" ]; then
    heap=$(to_mib "$LIKELIHOOD4J_HEAP" LIKELIHOOD4J_HEAP)
  else
    heap=$((memory / 4))
    heap=$((heap < 512 ? 512 : heap > 8192 ? 8192 : heap))
  fi
  if [ -n "${LIKELIHOOD4J_OFFHEAP:-}" ]; then
    offheap=$(to_mib "$LIKELIHOOD4J_OFFHEAP" LIKELIHOOD4J_OFFHEAP)
  else
    offheap=$((memory / 2 < 1024 ? 1024 : memory / 2))
  fi

  # Java takes the letters of paths from the locale, and that of LC_ALL=C has ASCII's only. One that
  # tells bash that this is a single letter is none of those.
  local letter=$'\xc3\xa9'
  if [ ${#letter} -ne 1 ] && [ "$(locale charmap 2>/dev/null || true)" = ANSI_X3.4-1968 ]; then
    export LC_ALL=C.UTF-8
  fi

  options=(
    "-Xmx${heap}m"
    "-Dorg.bytedeco.javacpp.maxbytes=${offheap}m"
    # Counts the whole process: the heap, the arrays, and what the JVM and the libraries need
    # themselves.
    "-Dorg.bytedeco.javacpp.maxphysicalbytes=$((heap + offheap + 1024))m"
    "-Dorg.bytedeco.javacpp.platform.extension=$extension"
  )
  if jdk_since 24; then
    options+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  fi
  if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
    tty=true
    columns=$(stty size <&1 2>/dev/null | cut -d ' ' -f 2 || true)
    if [ "${columns:-0}" -gt 0 ]; then options+=("-Dlikelihood4j.columns=$columns"); fi
  fi
  options+=("-Dlikelihood4j.tty=$tty" "-Dlikelihood4j.home=$root")
}

# Adds to `options` which state of the sources this is.
add_revision() {
  local revision
  if [ -e "$root/.git" ] && revision=$(git -C "$root" describe --always --dirty --exclude '*' 2>/dev/null); then
    options+=("-Dlikelihood4j.revision=$revision")
  fi
}

# Sets `class_path` to the program's jars, and behind them those of LIKELIHOOD4J_CLASS_PATH: an
# archive of classes fits every class path that begins with its own.
choose_class_path() {
  local own=() entry
  read -r class_path <"$app/class-path"
  class_path=${LIKELIHOOD4J_FIRST_CLASSES:+$LIKELIHOOD4J_FIRST_CLASSES:}$class_path
  IFS=: read -r -a own <<<"${LIKELIHOOD4J_CLASS_PATH:-}"
  for entry in "${own[@]}"; do
    # The JVM passes over what is not there. FOLDER/* are all jars of a folder.
    [ -e "${entry%/\*}" ] ||
      fail "LIKELIHOOD4J_CLASS_PATH: there is no '$entry'; give jars and folders of classes, with : between them"
    class_path=$class_path:$entry
  done
}

# Replaces this process by class $1 of the program, so that signals and the exit code are its own;
# $2 and what follows up to -- are JVM options.
start() {
  local main=$1 options class_path own=()
  shift
  while [ "$1" != -- ]; do
    own+=("$1")
    shift
  done
  shift
  jvm_options
  add_revision

  export OMP_NUM_THREADS=${LIKELIHOOD4J_THREADS:-${OMP_NUM_THREADS:-$(core_count)}}
  case $OMP_NUM_THREADS in
    *[!0-9]* | '' | 0) fail "LIKELIHOOD4J_THREADS=$OMP_NUM_THREADS: give a number of threads" ;;
  esac
  export OPENBLAS_NUM_THREADS=$OMP_NUM_THREADS
  # Threads that wait sleep instead of spinning: one busy core would else make a step of two threads
  # several times slower than a step of one.
  export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-0}
  # Arrays in pages of 2 MiB where the kernel leaves that to programs: with pages of 4 KiB looking
  # addresses up takes a tenth of a step of convolutions.
  export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}
  # So that CUDA_VISIBLE_DEVICES counts as nvidia-smi does.
  export CUDA_DEVICE_ORDER=PCI_BUS_ID

  choose_class_path
  # The JVM says at every start that a module incubates, and has no option not to. The filter must
  # outlive an interrupt, after which the program still has something to say.
  # shellcheck disable=SC2086  # several options in one variable
  exec ${LIKELIHOOD4J_JAVA_PREFIX:-} "$java_home/bin/java" "${options[@]}" --add-modules jdk.incubator.vector -XX:+UseParallelGC \
    "${own[@]}" ${LIKELIHOOD4J_JAVA_OPTS:-} -cp "$class_path" "$main" "$@" \
    2> >(trap '' HUP INT TERM; exec sed -u '/^WARNING: Using incubator modules: jdk.incubator.vector$/d' >&2)
}

# The same for class $1 with a command line that touches no tensor: without threads, and with the
# compiler and the collector that are ready first.
start_light() {
  local main=$1 options class_path
  shift
  jvm_options
  case " $* " in *' --version '* | *' -V '*) add_revision ;; esac
  use_archive
  choose_class_path
  # shellcheck disable=SC2086  # several options in one variable
  exec "$java_home/bin/java" "${options[@]}" "${LIGHT[@]}" ${LIKELIHOOD4J_JAVA_OPTS:-} -cp "$class_path" "$main" "$@"
}

# Puts imitations of CUDA's libraries before all others, which g++ makes. FAKE_CUDA_TILES=tiny cuts work as the tests do, so that
# little of it goes over many blocks; FAKE_CUDA_STREAMS=eager has it done at once, not when somebody waits for it. With
# FAKE_CUDA_TEXTS a folder keeps the kernels' texts, and all that is compiled of them.
use_fake_gpu() {
  local sources=$root/modules/engine-cuda/src/test/native fakes
  command -v g++ >/dev/null || fail "fake-gpu needs g++, which is not on the PATH"
  fakes=$state/fakes/$(cat "$sources"/*.{sh,cpp,h} | sha256sum | cut -c 1-16)
  [ -e "$fakes/libcuda.so.1" ] || bash "$sources/build.sh" "$fakes"
  export LD_LIBRARY_PATH=$fakes${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} XDG_CACHE_HOME=${FAKE_CUDA_TEXTS:-$fakes}
  case ${FAKE_CUDA_STREAMS:-late} in
    late | eager) ;;
    *) fail "FAKE_CUDA_STREAMS=$FAKE_CUDA_STREAMS: give late or eager" ;;
  esac
  case ${FAKE_CUDA_TILES:-usual} in
    usual) ;;
    tiny) use_tiny_tiles ;;
    *) fail "FAKE_CUDA_TILES=$FAKE_CUDA_TILES: give usual or tiny" ;;
  esac
}

# Sets `LIKELIHOOD4J_FIRST_CLASSES` to a folder with the program's class of tiles, whose usual ones are the tests' tiny ones there: so that the
# program itself need not know of any but its own.
use_tiny_tiles() {
  local sources=$root/modules/engine-cuda/src package=java/org/likelihood4j/engine/cuda tiny part
  tiny=$(sed -n 's/^.* TINY = new \(Tiles(.*)\);$/\1/p' "$sources/test/$package/FakeCuda.java")
  [ -n "$tiny" ] || fail "FakeCuda.java says nothing of tiny tiles"
  LIKELIHOOD4J_FIRST_CLASSES=$state/tiny/$( { printf '%s\n' "$tiny"; cat "$sources/main/$package/source/Tiles.java"; } | sha256sum | cut -c 1-16)
  # The command is started anew.
  export LIKELIHOOD4J_FIRST_CLASSES
  [ ! -e "$LIKELIHOOD4J_FIRST_CLASSES" ] || return 0
  build cli
  mkdir -p "$state/tiny"
  part=$(mktemp -d "$state/tiny/part.XXXXXX")
  sed "s/ USUAL = new Tiles(.*);/ USUAL = new $tiny;/" "$sources/main/$package/source/Tiles.java" >"$part/Tiles.java"
  grep -qF " USUAL = new $tiny;" "$part/Tiles.java" || fail "Tiles.java says nothing of usual tiles"
  "$java_home/bin/javac" -proc:none -d "$part" -cp "$(<"$app/class-path")" "$part/Tiles.java"
  mv -T "$part" "$LIKELIHOOD4J_FIRST_CLASSES"
}

# The command line itself.
start_command() {
  build cli
  if is_light "$@"; then start_light org.likelihood4j.cli.Main "$@"; fi
  start org.likelihood4j.cli.Main -- "$@"
}

# The benchmark, with the command line's options $@.
benchmark() {
  # libtorch's threads are OpenMP's, and lose a quarter of their speed where they sleep at once.
  # With two threads it was fastest with 1,000 spins, of 0, 1,000 and 100,000; ours are not
  # OpenMP's.
  export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-1000}
  build benchmarks -P benchmarks
  # Where DJL unpacks libtorch, and that it fetches nothing itself.
  start org.likelihood4j.benchmarks.Main "-DDJL_CACHE_DIR=$state/djl" -Dai.djl.offline=true -- "$@"
}

# Scores by the engine with one thread, by the scorer of exports, which has one, and by ONNX Runtime,
# whose start (1.29) needs a deeper stack the longer the JVM's command line is.
benchmark_scores() {
  export OMP_NUM_THREADS=1
  build benchmarks -P benchmarks
  start org.likelihood4j.benchmarks.scoring.Main -Xss64m -- "$@"
}

# Our densities as detectors of anomalies, beside others'.
anomalies() {
  build benchmarks -P benchmarks
  start org.likelihood4j.benchmarks.anomaly.Main -- "$@"
}
