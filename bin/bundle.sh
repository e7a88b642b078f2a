# A folder for a machine with an NVIDIA card and nothing else: a JVM, the program and its configs,
# without what only processors need. Sourced by run.sh.

# The modules of Java that the program needs.
readonly BUNDLED=java.base,java.compiler,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.httpserver,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs

# Packs it into file $1.
bundle() {
  [ $# -eq 1 ] || fail "gpu-bundle: give the file to write, such as likelihood4j-gpu.tar.xz"
  local file work jar name jars tool
  case $1 in *.tar.xz) ;; *) fail "gpu-bundle: $1 must end in .tar.xz" ;; esac
  [ ! -e "$1" ] || fail "gpu-bundle: $1 is there already"
  file=$(readlink -f -- "$1") && [ -d "${file%/*}" ] || fail "gpu-bundle: the folder of $1 is not there"
  for tool in strip xz; do command -v "$tool" >/dev/null || fail "gpu-bundle needs $tool"; done
  [ -d "$java_home/jmods" ] || fail "gpu-bundle needs a JDK with jmods, which $java_home has not"

  # The smallest build of ND4J that is not slow; every machine with such a card has AVX2.
  extension=-onednn-avx2
  build cli
  mkdir -p "$state/bundle"
  work=$(mktemp -d "$state/bundle/XXXXXX")
  local to=$work/likelihood4j-gpu
  mkdir -p "$to/jars"
  "$java_home/bin/jlink" --add-modules "$BUNDLED" --strip-debug --no-header-files --no-man-pages --output "$to/jre"
  strip --strip-unneeded "$to"/jre/lib/*.so "$to"/jre/lib/server/*.so
  IFS=: read -r -a jars <"$app/class-path"
  for jar in "${jars[@]}"; do
    name=${jar##*/}
    case $name in
      # Products of the processor's are ND4J's own there.
      dnnl-*-linux-x86_64.jar) continue ;;
      # ND4J names these, and nothing here loads a class of them.
      opencl-* | oshi-core-* | jna-platform-* | commons-net-* | commons-collections4-* | commons-codec-* | threetenbp-* | \
        therapi-* | neoitertools-* | byteunits-* | protobuf-* | jackson-1.0.0-*) continue ;;
    esac
    # Stored as it is, so that all is compressed together.
    rm -rf "$work/jar"
    mkdir "$work/jar"
    (cd "$work/jar" && "$java_home/bin/jar" --extract --file "$jar")
    rm -rf "$work"/jar/org/bytedeco/openblas/linux-x86_64/{include,libjniopenblas_full.so}
    # JNA's libraries for other systems.
    find "$work/jar" -path '*/com/sun/jna/*-*' -prune ! -name linux-x86-64 -exec rm -rf {} +
    find "$work/jar" -name '*.so*' -exec strip --strip-unneeded {} +
    (cd "$work/jar" && "$java_home/bin/jar" --create --no-compress --no-manifest --file "$to/jars/$name" .)
  done
  cp -r "$root/configs" "$to/configs"
  cp "$root/bin/gpu-check.sh" "$root/bin/torch-steps.py" "$to/"
  launcher >"$to/likelihood4j"
  printf '#!/usr/bin/env bash\nhome=$(dirname -- "$(readlink -f -- "$0")")\nexec bash "$home/gpu-check.sh" "$home/likelihood4j" "$@"\n' >"$to/gpu-check"
  chmod +x "$to/likelihood4j" "$to/gpu-check"
  tar -C "$work" --sort=name --owner=0 --group=0 --mtime=@0 -cf - likelihood4j-gpu | xz --x86 --lzma2=preset=9,dict=192MiB >"$file.part"
  mv "$file.part" "$file"
  rm -rf "$work"
  say "wrote $1 ($(($(stat -c %s "$file") / 1024)) KiB): unpack it there and run likelihood4j-gpu/gpu-check"
}

# What starts the program in a bundle.
launcher() {
  cat <<'LAUNCHER'
#!/usr/bin/env bash
# The command line: ./likelihood4j --help
home=$(dirname -- "$(readlink -f -- "$0")")
export CUDA_DEVICE_ORDER=PCI_BUS_ID GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-0}
# shellcheck disable=SC2086  # a command of several words
exec ${LIKELIHOOD4J_JAVA_PREFIX:-} "$home/jre/bin/java" --add-modules jdk.incubator.vector -XX:+UseParallelGC \
  -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
  -Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2 "-Dorg.bytedeco.javacpp.cachedir=$home/cache" \
  "-Dlikelihood4j.home=$home" -Dlikelihood4j.tty=false -cp "$home/jars/*" org.likelihood4j.cli.Main "$@" \
  2> >(exec sed -u '/^WARNING: Using incubator modules: jdk.incubator.vector$/d' >&2)
LAUNCHER
}
