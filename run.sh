#!/usr/bin/env bash
# The one entry: builds what is needed, picks the native build that fits this CPU, and starts the
# command line. Its parts are in bin/. ARGS are for Maven.
#
#   ./run.sh train configs/quickstart-vae.yaml  any command of the program; ./run.sh --help lists them
#   ./run.sh test [MODULE [TEST]] [ARGS]   format check, static checks, all fast tests; or a module's
#   ./run.sh dev MODULE [TEST] [ARGS]      compiles and tests one module, offline, without the checks
#   ./run.sh check [ARGS]                  format check, static checks, the architecture's test
#   ./run.sh format [ARGS]                 formats the sources
#   ./run.sh build                         only builds
#   ./run.sh browser [ARGS]                tests the report in a real Chromium (fetches 25 MB)
#   ./run.sh faults [KILLS] [FAULT ...]    kills and breaks trainings, resumes them, and compares
#   ./run.sh bench                         times steps, ours and other libraries' (fetches 200 MB)
#   ./run.sh bench-score RUN ...           times scores: the engine's, and those of an export by plain Java
#   ./run.sh anomalies                     our densities as detectors of anomalies, beside others'
#   ./run.sh example [NAME ...]            runs an example of the Java API, in modules/examples
#   ./run.sh figures [GROUP ...] [--long]  makes the documentation's pictures and measurements anew
#   ./run.sh gpu-check                     checks an NVIDIA card with the whole program
#   ./run.sh gpu-graphs [NUMBER]           the part of it that runs random graphs on the card
#   ./run.sh fake-gpu COMMAND              any command of the program on a card that the processor
#                                          imitates, kernel by kernel, with checks; very slow
#   ./run.sh fake-gpu-check [CONFIG ...]   training steps there and on the processor, in all ways to do them
#   ./run.sh gpu-bundle FILE.tar.xz        packs what gpu-check needs for a machine without a JDK
#   ./run.sh spark COMMAND                 scores on a cluster, as spark-submit does (fetches 310 MB)
#   ./run.sh notebooks [--write] [NAME ...] runs the notebooks (fetches 25 MB), compares their outputs with
#                                          the stored ones; --install tells your Jupyter of their kernel
#   ./run.sh fuzz [TARGET...]              throws damaged files at all readers (fetches 20 MB)
#   ./run.sh install [ARGS]                puts the jars into the local Maven repository
#   ./run.sh stage FOLDER [ARGS]           makes a Maven repository of them, to be uploaded
#   ./run.sh rebuild                       stages twice, and compares all files
#   ./run.sh outside [NAME ...]            builds and runs the projects of outside/ with what it stages
#   ./run.sh dist FILE.zip                 packs what scores on Linux, macOS and Windows by plain Java
#
# A TEST is a class, such as KlTest, or a method of one, such as KlTest#isZero. Settings, all
# optional, as environment variables:
#
#   LIKELIHOOD4J_JAVA_HOME   the JDK to use (17 or newer); else JAVA_HOME, else the one on the PATH
#   LIKELIHOOD4J_NATIVE      native build of ND4J: onednn-avx512, onednn-avx2, onednn, avx512, avx2
#                            or base
#   LIKELIHOOD4J_THREADS     threads of the native code; the physical cores unless set here or by
#                            OMP_NUM_THREADS
#   LIKELIHOOD4J_HEAP        the JVM's heap, such as 4g
#   LIKELIHOOD4J_OFFHEAP     memory for arrays, which live outside the heap, such as 8g
#   LIKELIHOOD4J_JAVA_OPTS   more JVM options
#   LIKELIHOOD4J_CLASS_PATH  jars and folders of classes that the program also loads, with : between
#                            them: kinds of models from elsewhere, devices, engines
#   SPARK_HOME               the Spark that 'spark' submits to; else one that is fetched, and
#   LIKELIHOOD4J_SPARK       which version of it, such as 4.2.0
#   LIKELIHOOD4J_CHROMIUM, LIKELIHOOD4J_CHROMEDRIVER   of the browser tests, if not Debian's
#   LIKELIHOOD4J_PYTHON      the Python that runs notebooks, with nbclient and ipykernel
#   LIKELIHOOD4J_MAVEN_REPO  where Maven itself is fetched from when there is no mvn on the PATH
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

case $OSTYPE-$HOSTTYPE in
  linux*-x86_64) ;;
  *) fail "run.sh knows Linux on x86-64 only; this is $(uname -s) on $(uname -m):" \
    "docs/platforms.md says how to build and start there" ;;
esac

script=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${script%/*}
# What is made here and by nobody else.
state=$root/.build

# shellcheck source-path=SCRIPTDIR
{
  source "$root/bin/jdk.sh"
  source "$root/bin/machine.sh"
  source "$root/bin/native.sh"
  source "$root/bin/maven.sh"
  source "$root/bin/build.sh"
  source "$root/bin/archive.sh"
  source "$root/bin/start.sh"
  source "$root/bin/test.sh"
  source "$root/bin/bundle.sh"
  source "$root/bin/spark.sh"
  source "$root/bin/artifacts.sh"
  source "$root/bin/outside.sh"
  source "$root/bin/notebooks.sh"
}

find_jdk
choose_native
case ${1:-} in
  build) build cli ;;
  test) run_tests "${@:2}" ;;
  dev) develop "${@:2}" ;;
  check) check_sources "${@:2}" ;;
  browser) test_browser "${@:2}" ;;
  format) format_sources "${@:2}" ;;
  bench) benchmark "${@:2}" ;;
  bench-score) benchmark_scores "${@:2}" ;;
  anomalies) anomalies "${@:2}" ;;
  example) build examples; start org.likelihood4j.examples.Main -- "${@:2}" ;;
  fuzz) build fuzz -P fuzz; start org.likelihood4j.fuzz.Main -- "${@:2}" ;;
  faults) build cli; exec bash "$root/modules/cli/src/faults/faults.sh" "$script" "${@:2}" ;;
  gpu-graphs)
    build cli
    build_graphs
    LIKELIHOOD4J_CLASS_PATH=$graphs${LIKELIHOOD4J_CLASS_PATH:+:$LIKELIHOOD4J_CLASS_PATH}
    start org.likelihood4j.engine.RandomGraphsOnCard -- "${@:2}"
    ;;
  gpu-check) build cli; exec bash "$root/bin/gpu-check.sh" "$script" "${@:2}" ;;
  gpu-bundle) bundle "${@:2}" ;;
  spark) start_spark "${@:2}" ;;
  install) install_artifacts "${@:2}" ;;
  stage) stage_artifacts "${@:2}" ;;
  rebuild) rebuild "${@:2}" ;;
  outside) build_outside "${@:2}" ;;
  dist) make_dist "${@:2}" ;;
  notebooks) run_notebooks "${@:2}" ;;
  fake-gpu) use_fake_gpu; exec "$script" "${@:2}" ;;
  fake-gpu-check) build cli; exec bash "$root/bin/fake-gpu-check.sh" "$script" "${@:2}" ;;
  figures) build cli; exec bash "$root/docs/figures.sh" "$script" "${@:2}" ;;
  *) start_command "$@" ;;
esac
