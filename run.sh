#!/usr/bin/env bash
# The one entry: builds what is needed, picks the native build that fits this CPU, and starts the command line.
#
#   ./run.sh train configs/quickstart-vae.yaml    any command of the program; ./run.sh --help lists them
#   ./run.sh test [Maven arguments]               format check, static checks and all fast tests
#   ./run.sh format                               formats the sources
#   ./run.sh build                                only builds
#   ./run.sh browser [Maven arguments]            tests of the report in a real Chromium (fetches Selenium: 25 MB)
#   ./run.sh faults [KILLS] [FAULT ...]           kills and breaks trainings, resumes them, and compares what comes out
#   ./run.sh bench                                times steps of ours and of other libraries (fetches those: 200 MB)
#   ./run.sh example [NAME ...]                   runs an example of the Java API, in modules/examples
#   ./run.sh figures [--long] [--output FOLDER]   makes the pictures and sample outputs of the documentation anew
#   ./run.sh fuzz [TARGET...] [--seconds N]       throws damaged files at everything that reads one (fetches Jazzer: 20 MB)
#
# Settings, all optional, as environment variables:
#   LIKELIHOOD4J_JAVA_HOME   the JDK to use (17 or newer); else JAVA_HOME, else the one on the PATH
#   LIKELIHOOD4J_NATIVE      native build of ND4J: onednn-avx512, onednn-avx2, onednn, avx512, avx2 or base
#   LIKELIHOOD4J_DEVICE      cpu or cuda; else cuda where the config, or --set device=cuda, says so. An NVIDIA GPU of compute
#                            capability 3.7 to 8.9; the first time downloads 2.4 GB. Untested: see docs/platforms.md
#   LIKELIHOOD4J_THREADS     threads of the native code; the physical cores unless set here or by OMP_NUM_THREADS
#   LIKELIHOOD4J_HEAP        the JVM's heap, such as 4g
#   LIKELIHOOD4J_OFFHEAP     memory for arrays, which live outside the heap, such as 8g
#   LIKELIHOOD4J_JAVA_OPTS   more JVM options
#   LIKELIHOOD4J_CHROMIUM, LIKELIHOOD4J_CHROMEDRIVER   of the browser tests, if not those of Debian's packages
#   LIKELIHOOD4J_MAVEN_REPO  where Maven itself is fetched from when there is no mvn on the PATH
set -euo pipefail

MAVEN_VERSION=3.9.16
MAVEN_SHA512=831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6
MAVEN_REPO=${LIKELIHOOD4J_MAVEN_REPO:-https://repo.maven.apache.org/maven2}

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# ---- where we are ----------------------------------------------------------------------------------------------------

script=$(readlink -f -- "${BASH_SOURCE[0]}")
root=$(dirname -- "$script")
state=$root/.build

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
  fail "run.sh knows Linux on x86-64 only; this is $(uname -s) on $(uname -m): docs/platforms.md says how to build and start there"

# ---- the JDK ---------------------------------------------------------------------------------------------------------

# Prints the major version of the JDK in folder $1; nothing if that is no JDK of version 17 or newer.
jdk_version() {
  local line version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    line=$(grep -m 1 '^JAVA_VERSION=' "$1/release" || true)
  else
    line=$("$1/bin/java" -version 2>&1 | grep -m 1 version || true)
  fi
  version=${line#*\"}
  version=${version%%[!0-9]*}
  if [ "${version:-0}" -ge 17 ]; then printf '%s' "$version"; fi
}

find_jdk() {
  local candidate on_path
  on_path=$(command -v javac || true)
  if [ -n "$on_path" ]; then on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")"); fi
  if [ -n "${LIKELIHOOD4J_JAVA_HOME:-}" ]; then
    java_home=$LIKELIHOOD4J_JAVA_HOME
    java_version=$(jdk_version "$java_home")
    [ -n "$java_version" ] || fail "LIKELIHOOD4J_JAVA_HOME=$java_home is not a JDK of version 17 or newer"
    return
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    [ -n "$candidate" ] || continue
    java_version=$(jdk_version "$candidate")
    if [ -n "$java_version" ]; then
      java_home=$candidate
      return
    fi
  done
  fail "no JDK of version 17 or newer found: install one (Debian, Ubuntu: apt install openjdk-17-jdk) or set JAVA_HOME"
}

# ---- this machine ----------------------------------------------------------------------------------------------------

# Sets `device`: what LIKELIHOOD4J_DEVICE says; else what a training's arguments $@ say; else cpu.
choose_device() {
  local argument config
  device=${LIKELIHOOD4J_DEVICE:-auto}
  case $device in
    cpu | cuda) return ;;
    auto) device=cpu ;;
    *) fail "LIKELIHOOD4J_DEVICE=$device: use cpu or cuda" ;;
  esac
  case ${1:-} in train | resume | compare) ;; *) return 0 ;; esac
  for argument in "$@"; do
    config=$argument
    if [ -d "$argument" ]; then config=$argument/config.yaml; fi
    if [ -f "$config" ] && grep -qE "^device: *[\"']?cuda\b" -- "$config"; then device=cuda; fi
  done
  for argument in "$@"; do
    case ${argument#--set=} in device=cuda) device=cuda ;; device=cpu) device=cpu ;; esac
  done
}

# Sets `extension`, the classifier's ending of the native build: "-onednn-avx2", or nothing for the base build.
choose_native() {
  local flags
  if [ "$device" = cuda ]; then
    extension=
    return
  fi
  case ${LIKELIHOOD4J_NATIVE:-auto} in
    auto)
      flags=" $(grep -m 1 '^flags' /proc/cpuinfo || true) "
      extension=-onednn
      case $flags in *" avx2 "*) case $flags in *" fma "*) extension=-onednn-avx2 ;; esac ;; esac
      case $flags in *" avx512f "*) case $flags in *" avx512bw "*) case $flags in *" avx512vl "*) case $flags in
        *" avx512dq "*) extension=-onednn-avx512 ;;
      esac ;; esac ;; esac ;; esac
      ;;
    base) extension= ;;
    onednn | avx2 | avx512 | onednn-avx2 | onednn-avx512) extension=-$LIKELIHOOD4J_NATIVE ;;
    *) fail "LIKELIHOOD4J_NATIVE=$LIKELIHOOD4J_NATIVE: use onednn-avx512, onednn-avx2, onednn, avx512, avx2 or base" ;;
  esac
}

# Where the kernel tells of processes and of control groups.
proc=/proc
cgroups=/sys/fs/cgroup

# Prints, of control group $2 below folder $1 and of each group above it, what the files that follow say, in one line. A
# container may know its group by the host's path, which it does not see: then the folder itself is its group.
climb() {
  local folder=$1 group=$2 files
  shift 2
  while true; do
    files=("${@/#/$folder$group/}")
    if [ -r "${files[0]}" ]; then paste -d ' ' "${files[@]}" 2>/dev/null || true; fi
    case $group in */*) group=${group%/*} ;; *) return ;; esac
  done
}

# Does so for all groups of this process: those of the second generation have file $1, those of the first controller $2 with
# the files that follow.
control_groups() {
  local file=$1 controller=$2 group
  shift 2
  group=$(sed -n 's/^0:://p' "$proc/self/cgroup" 2>/dev/null || true)
  climb "$cgroups" "$group" "$file"
  climb "$cgroups/unified" "$group" "$file"
  group=$(sed -nE "s/^[0-9]+:([^:]*,)?$controller(,[^:]*)?://p" "$proc/self/cgroup" 2>/dev/null || true)
  climb "$cgroups/$controller" "$group" "$@"
}

# Prints the memory that we may use, in MiB: the machine's, or the lowest limit of our control groups where that is lower.
memory_mib() {
  local total limit
  total=$(($(awk '/^MemTotal:/ {print $2}' "$proc/meminfo") / 1024))
  while read -r limit; do
    case $limit in '' | *[!0-9]*) continue ;; esac
    # A group of the first generation says "unlimited" by a number of 19 digits.
    if [ ${#limit} -lt 16 ] && [ $((limit / 1048576)) -lt "$total" ]; then total=$((limit / 1048576)); fi
  done < <(control_groups memory.max memory memory.limit_in_bytes)
  printf '%s' "$total"
}

# Prints how many threads to compute with: physical cores, but no more than this process may use.
core_count() {
  local cores allowed quota period
  cores=$(awk -F ': *' '/^physical id/ {p = $2} /^core id/ {seen[p "," $2] = 1} END {n = 0; for (c in seen) n++; print n}' \
    "$proc/cpuinfo")
  allowed=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  if [ "$cores" -lt 1 ] || [ "$cores" -gt "$allowed" ]; then cores=$allowed; fi
  while read -r quota period; do
    # No limit is "max" or -1.
    case $quota$period in '' | *[!0-9]*) continue ;; esac
    if [ "${period:-0}" -gt 0 ] && [ $(((quota + period - 1) / period)) -lt "$cores" ]; then
      cores=$(((quota + period - 1) / period))
    fi
  done < <(control_groups cpu.max cpu cpu.cfs_quota_us cpu.cfs_period_us)
  printf '%s' "$cores"
}

# Prints a size such as 4g, 512m or 1073741824 in MiB; $2 names the setting for the error.
to_mib() {
  case $1 in
    *[!0-9]*[!0-9] | *[!0-9gGmMkK] | '' | [!0-9]*) fail "$2=$1: give a size such as 4g or 512m" ;;
    *[gG]) printf '%s' $((${1%?} * 1024)) ;;
    *[mM]) printf '%s' "${1%?}" ;;
    *[kK]) printf '%s' $((${1%?} / 1024)) ;;
    *) printf '%s' $(($1 / 1048576)) ;;
  esac
}

# ---- Maven -----------------------------------------------------------------------------------------------------------

# Writes $1 (an address) to $2 (a file), by whatever there is.
download() {
  if command -v curl >/dev/null; then
    curl -fsSL --retry 3 -o "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q -O "$2" "$1"
  else
    cat >"$state/Download.java" <<'JAVA'
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

class Download {
    public static void main(String[] args) throws Exception {
        try (InputStream in = URI.create(args[0]).toURL().openStream()) {
            Files.copy(in, Path.of(args[1]));
        } catch (java.io.IOException e) {
            System.err.println(e);
            System.exit(1);
        }
    }
}
JAVA
    "$java_home/bin/java" -Djava.net.useSystemProxies=true "$state/Download.java" "$1" "$2"
  fi
}

# Sets `maven`: the one on the PATH if it is new enough, else a pinned one, fetched once.
find_maven() {
  local version part archive
  maven=$(command -v mvn || true)
  if [ -n "$maven" ]; then
    version=$("$maven" --version 2>/dev/null | grep -om 1 'Apache Maven [0-9.]*' || true)
    version=${version##* }
    if [ "$(printf '%s\n' 3.6.3 "${version:-0}" | sort -V | head -n 1)" = 3.6.3 ]; then return; fi
    say "The Maven on the PATH (${version:-unknown version}) is older than 3.6.3, so it is not used."
  fi
  maven=$state/apache-maven-$MAVEN_VERSION/bin/mvn
  if [ -x "$maven" ]; then return; fi
  say "Fetching Maven $MAVEN_VERSION (9 MB) ..."
  part=$state/maven.part.$$
  archive=$part/maven.tar.gz
  mkdir -p "$part"
  download "$MAVEN_REPO/org/apache/maven/apache-maven/$MAVEN_VERSION/apache-maven-$MAVEN_VERSION-bin.tar.gz" "$archive" ||
    { rm -rf "$part"; fail "cannot fetch Maven from $MAVEN_REPO: install Maven, or set LIKELIHOOD4J_MAVEN_REPO"; }
  printf '%s  %s\n' "$MAVEN_SHA512" "$archive" | sha512sum --check --status ||
    { rm -rf "$part"; fail "what $MAVEN_REPO sent is not Maven $MAVEN_VERSION: its SHA-512 is wrong"; }
  tar -xzf "$archive" -C "$part"
  mv -T "$part/apache-maven-$MAVEN_VERSION" "$state/apache-maven-$MAVEN_VERSION"
  rm -rf "$part"
}

# Waits until no other run.sh builds or tests in this folder. The lock ends with the process, or with `unlock`.
lock() {
  mkdir -p "$state"
  command -v flock >/dev/null || return 0
  exec 9>"$state/lock"
  flock -n 9 || { say "Waiting for another build in this folder ..."; flock 9; }
}
unlock() { exec 9>&-; }

# Prepares `maven_arguments` and the environment that Maven runs in.
prepare_maven() {
  find_maven
  export JAVA_HOME=$java_home
  if [ "$java_version" -ge 24 ]; then
    export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
  fi
  maven_arguments=(-B -ntp -f "$root/pom.xml" "-Dnd4j.extension=$extension" "-Dnd4j.device=$device")
}

# ---- building --------------------------------------------------------------------------------------------------------

# What is built and started: the command line, or by `bench`, `example` and `fuzz` programs whose libraries the command line goes
# without.
module=cli
profiles=()
benchmark_options=()

# Prints a hash over all that the program is built from.
fingerprint() {
  local others='benchmarks|browser|examples|fuzz'
  others=${others/$module/none}
  (
    cd "$root"
    printf '%s %s %s\n' "$extension" "$module" "$device"
    find pom.xml run.sh .mvn modules/*/pom.xml modules/*/src/main -type f -print0 2>/dev/null |
      grep -zvE "^modules/($others)/" |
      LC_ALL=C sort -z | xargs -0 sha256sum
  ) | sha256sum | cut -c 1-16
}

# Whether folder $1 holds a program whose every jar is there.
usable() {
  local jar jars
  [ -s "$1/class-path" ] || return 1
  IFS=: read -r -a jars <"$1/class-path"
  for jar in "${jars[@]}"; do [ -e "$jar" ] || return 1; done
}

# Prints what Maven says is wrong; without such lines, the end of its log.
build_errors() {
  local errors
  errors=$(sed -n '/^\[ERROR\] Failed to execute/,/\[Help 1\]/p' "$1" | head -n 30)
  if [ -n "$errors" ]; then printf '%s\n' "$errors"; else tail -n 30 "$1"; fi
}

# Sets `app` to the folder of the built program, building it first if need be. Each state of the sources has a folder of
# its own, so a rebuild never changes the jars of a program that runs.
build() {
  local log=$state/build.log started=$SECONDS
  app=$state/app/$(fingerprint)
  if usable "$app"; then return; fi
  lock
  if usable "$app"; then unlock; return; fi
  if [ "$device" = cuda ]; then
    say "Building for CUDA (the first time this downloads up to 2.7 GB; log: .build/build.log) ..."
  elif [ -d "$state/app" ]; then
    say "Building ..."
  else
    say "Building (the first time this downloads up to 250 MB; log: .build/build.log) ..."
  fi
  prepare_maven
  "$maven" "${maven_arguments[@]}" -Dstyle.color=never -Dquick -Dtarget.folder=target/run \
    -Dmaven.test.skip=true "${profiles[@]}" -pl "modules/$module" -am package >"$log" 2>&1 </dev/null ||
    { build_errors "$log" >&2; fail "the build failed; the whole log: $log"; }

  local part=$state/app.part.$$ jar jars class_path=
  rm -rf "$app" "$state"/app.part.*
  mkdir -p "$part" "$state/app"
  IFS=: read -r -a jars <<<"$(cat "$root/modules/$module/target/run/class-path.txt")"
  jars=("$root/modules/$module/target/run/likelihood4j-$module"-*.jar "${jars[@]}")
  for jar in "${jars[@]}"; do
    case $jar in
      "$root"/*)
        cp -- "$jar" "$part/"
        jar=$app/${jar##*/}
        ;;
    esac
    class_path=$class_path:$jar
  done
  printf '%s\n' "${class_path#:}" >"$part/class-path"
  mv -T "$part" "$app"
  # Keep the newest few, which older programs may still run from.
  ls -1dt "$state"/app/* | tail -n +6 | while IFS= read -r old; do rm -rf "$old"; done
  unlock
  say "Built in $((SECONDS - started)) s."
}

# ---- running ---------------------------------------------------------------------------------------------------------

# Replaces this process by class $1 of the program, so that signals and the exit code are its own.
start() {
  local main=$1
  shift
  local memory heap offheap tty=false columns options revision
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

  export OMP_NUM_THREADS=${LIKELIHOOD4J_THREADS:-${OMP_NUM_THREADS:-$(core_count)}}
  case $OMP_NUM_THREADS in
    *[!0-9]* | '' | 0) fail "LIKELIHOOD4J_THREADS=$OMP_NUM_THREADS: give a number of threads" ;;
  esac
  export OPENBLAS_NUM_THREADS=$OMP_NUM_THREADS
  # Threads that wait sleep instead of spinning: one busy core would else make a step of two threads several times
  # slower than a step of one.
  export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-0}

  # Java takes the letters of paths from the locale, and that of LC_ALL=C has ASCII's only.
  if [ "$(locale charmap 2>/dev/null || true)" = ANSI_X3.4-1968 ]; then export LC_ALL=C.UTF-8; fi

  # So that CUDA_VISIBLE_DEVICES counts as nvidia-smi does.
  if [ "$device" = cuda ]; then export CUDA_DEVICE_ORDER=PCI_BUS_ID; fi

  options=(
    "-Xmx${heap}m"
    --add-modules jdk.incubator.vector
    -XX:+UseParallelGC
    "-Dorg.bytedeco.javacpp.maxbytes=${offheap}m"
    # Counts the whole process: the heap, the arrays, and what the JVM and the libraries need themselves.
    "-Dorg.bytedeco.javacpp.maxphysicalbytes=$((heap + offheap + 1024))m"
    "-Dorg.bytedeco.javacpp.platform.extension=$extension"
  )
  if [ "$java_version" -ge 24 ]; then
    options+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  fi
  if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
    tty=true
    columns=$(stty size <&1 2>/dev/null | cut -d ' ' -f 2 || true)
    if [ "${columns:-0}" -gt 0 ]; then options+=("-Dlikelihood4j.columns=$columns"); fi
  fi
  options+=("-Dlikelihood4j.tty=$tty" "-Dlikelihood4j.home=$root")
  if [ -e "$root/.git" ] && revision=$(git -C "$root" describe --always --dirty --exclude '*' 2>/dev/null); then
    options+=("-Dlikelihood4j.revision=$revision")
  fi
  options+=("${benchmark_options[@]}")
  # The JVM says at every start that a module incubates, and has no option not to. The filter must outlive an interrupt, after
  # which the program still has something to say.
  # shellcheck disable=SC2086  # several options in one variable
  exec "$java_home/bin/java" "${options[@]}" ${LIKELIHOOD4J_JAVA_OPTS:-} \
    -cp "$(cat "$app/class-path")" "$main" "$@" \
    2> >(trap '' HUP INT TERM; exec sed -u '/^WARNING: Using incubator modules: jdk.incubator.vector$/d' >&2)
}

find_jdk
choose_device "$@"
choose_native
case ${1:-} in
  build) build ;;
  test)
    shift
    lock
    prepare_maven
    exec "$maven" "${maven_arguments[@]}" verify "$@"
    ;;
  browser)
    shift
    for program in "${LIKELIHOOD4J_CHROMIUM:-/usr/bin/chromium}" "${LIKELIHOOD4J_CHROMEDRIVER:-/usr/bin/chromedriver}"; do
      [ -x "$program" ] ||
        fail "$program is not there: install Chromium and its driver (Debian: apt install chromium chromium-driver)"
    done
    lock
    prepare_maven
    "$maven" "${maven_arguments[@]}" -P browser -Dmaven.test.skip=true -pl modules/browser -am verify "$@"
    grep -hs '^measured: ' "$root"/modules/browser/target/surefire-reports/*-output.txt || true
    ;;
  format)
    shift
    lock
    prepare_maven
    exec "$maven" "${maven_arguments[@]}" -q -P benchmarks,browser,fuzz spotless:apply "$@"
    ;;
  bench)
    shift
    module=benchmarks
    profiles=(-P benchmarks)
    # Where DJL unpacks libtorch, and that it fetches nothing itself.
    benchmark_options=("-DDJL_CACHE_DIR=$state/djl" -Dai.djl.offline=true)
    # libtorch's threads are OpenMP's, and lose a quarter of their speed where they sleep at once. With two threads it was
    # fastest with 1,000 spins, of 0, 1,000 and 100,000; ours are not OpenMP's.
    export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-1000}
    build
    start org.likelihood4j.benchmarks.Main "$@"
    ;;
  example)
    shift
    module=examples
    build
    start org.likelihood4j.examples.Main "$@"
    ;;
  faults)
    shift
    build
    exec bash "$root/modules/cli/src/faults/faults.sh" "$script" "$@"
    ;;
  figures)
    shift
    build
    exec bash "$root/docs/figures.sh" "$script" "$@"
    ;;
  fuzz)
    shift
    module=fuzz
    profiles=(-P fuzz)
    build
    start org.likelihood4j.fuzz.Main "$@"
    ;;
  *)
    # Before gigabytes are fetched for a card that is not there; the program asks the driver which one it is.
    if [ "$device" = cuda ] && ! command -v nvidia-smi >/dev/null; then
      fail "device cuda: no NVIDIA driver here (there is no nvidia-smi on the PATH); use device: cpu"
    fi
    build
    start org.likelihood4j.cli.Main "$@"
    ;;
esac
