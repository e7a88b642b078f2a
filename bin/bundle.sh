# A folder for a machine with an NVIDIA card and nothing else: a JVM, the program and its configs,
# without what only processors need. Sourced by run.sh.

# The modules of Java that the program needs.
readonly BUNDLED=java.base,java.compiler,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.httpserver,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs

# What of them only windows and sound need; a package must keep some class.
swing=/java.desktop/javax/swing
readonly WINDOWS=/java.desktop/com/sun/java/swing/plaf/gtk/GTK*,/java.desktop/com/sun/media/sound/S*,/java.desktop/sun/awt/X11/X*,/java.desktop/sun/java2d/opengl/OGL*,$swing/A*,$swing/B*,$swing/D*,$swing/G*,$swing/J*,$swing/L*,$swing/P*,$swing/S*,$swing/T*,$swing/U*,$swing/plaf/nimbus/A*,$swing/plaf/nimbus/*Painter*,$swing/plaf/nimbus/N*,$swing/plaf/basic/Basic*,$swing/plaf/metal/Metal*,$swing/plaf/synth/Synth*,$swing/text/[A-TV-Z]*,$swing/text/html/[A-RT-Z]*,$swing/text/rtf/RTF*
readonly WINDOW_LIBRARIES=/java.desktop/lib/libsplashscreen.so,/java.desktop/lib/libjsound.so,/java.desktop/lib/libawt_xawt.so
# What Java does without: filters of pictures, and vectors' elementary functions, which are our own.
readonly SPARE_LIBRARIES=/java.desktop/lib/libmlib_image.so,/jdk.incubator.vector/lib/libjsvml.so

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
  # What an earlier one has left that was broken off.
  rm -rf "$state/bundle"
  mkdir -p "$state/bundle"
  work=$(mktemp -d "$state/bundle/XXXXXX")
  local to=$work/likelihood4j-gpu
  mkdir -p "$to/jars"
  "$java_home/bin/jlink" --add-modules "$BUNDLED" --strip-debug --no-header-files --no-man-pages --output "$to/jre" \
    --exclude-resources "$WINDOWS" --exclude-files "$WINDOW_LIBRARIES,$SPARE_LIBRARIES"
  strip --strip-unneeded "$to"/jre/lib/*.so "$to"/jre/lib/server/*.so
  IFS=: read -r -a jars <"$app/class-path"
  for jar in "${jars[@]}"; do
    name=${jar##*/}
    case $name in
      # Products of the processor's are ND4J's own there.
      dnnl-*-linux-x86_64.jar) continue ;;
      # ND4J names these, and nothing here loads a class of them.
      opencl-* | oshi-core-* | jna-platform-* | commons-net-* | commons-compress-* | threetenbp-* | therapi-* | \
        neoitertools-* | byteunits-*) continue ;;
    esac
    # Stored as it is, so that all is compressed together.
    rm -rf "$work/jar"
    mkdir "$work/jar"
    (cd "$work/jar" && "$java_home/bin/jar" --extract --file "$jar")
    rm -rf "$work"/jar/org/bytedeco/openblas/linux-x86_64/{include,libjniopenblas_full.so} "$work"/jar/org/bytedeco/openblas/global/openblas_full.class
    # Nor of these packages, of which some are copies of each other.
    rm -rf "$work"/jar/org/nd4j/shade/{protobuf/common,wstx,codehaus,yaml,jackson/dataformat} \
      "$work"/jar/org/nd4j/shade/guava/{cache,eventbus,graph,hash,html,net,xml} \
      "$work"/jar/org/apache/commons/codec/{digest,language,net} \
      "$work"/jar/{onnx,tensorflow,org/tensorflow/distruntime,org/tensorflow/util} \
      "$work"/jar/org/apache/commons/collections4/{bag,bidimap,functors,list,map,multimap,multiset,queue,sequence,set,splitmap} \
      "$work"/jar/org/apache/commons/math3/{dfp,filter,fitting,genetics,geometry,ml,ode,optim,optimization,primes,stat,transform}
    # JNA's libraries for other systems.
    find "$work/jar" -path '*/com/sun/jna/*-*' -prune ! -name linux-x86-64 -exec rm -rf {} +
    find "$work/jar" -name '*.so*' -exec strip --strip-unneeded {} +
    (cd "$work/jar" && "$java_home/bin/jar" --create --no-compress --no-manifest --file "$to/jars/$name" .)
  done
  build_graphs
  "$java_home/bin/jar" --create --no-compress --no-manifest --file "$to/graphs.jar" -C "$graphs" .
  cp -r "$root/configs" "$to/configs"
  cp "$root"/bin/{gpu-check.sh,machine.sh,torch-steps.py} "$to/"
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
main=org.likelihood4j.cli.Main
class_path=$home/jars/*
if [ "${1:-}" = gpu-graphs ]; then
  main=org.likelihood4j.engine.RandomGraphsOnCard
  class_path=$home/graphs.jar:$class_path
  shift
fi
# As run.sh does: threads for cores that are there, which sleep while they wait, and large pages.
source "$home/machine.sh"
export OMP_NUM_THREADS=${LIKELIHOOD4J_THREADS:-${OMP_NUM_THREADS:-$(core_count)}}
export OPENBLAS_NUM_THREADS=$OMP_NUM_THREADS
export CUDA_DEVICE_ORDER=PCI_BUS_ID GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-0} GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}
# shellcheck disable=SC2086  # a command of several words
exec ${LIKELIHOOD4J_JAVA_PREFIX:-} "$home/jre/bin/java" --add-modules jdk.incubator.vector -XX:+UseParallelGC \
  -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
  -Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2 "-Dorg.bytedeco.javacpp.cachedir=$home/cache" \
  "-Dlikelihood4j.home=$home" -Dlikelihood4j.tty=false ${LIKELIHOOD4J_JAVA_OPTS:-} -cp "$class_path" "$main" "$@" \
  2> >(exec sed -u '/^WARNING: Using incubator modules: jdk.incubator.vector$/d' >&2)
LAUNCHER
}
