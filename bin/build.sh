# Builds a program: the command line, or one whose libraries the command line goes without. Sourced
# by run.sh.

# Prints a hash over all that module $1 is built from.
fingerprint() {
  local others='benchmarks|browser|dist|examples|fuzz|spark'
  others=${others/$1/none}
  (
    cd "$root"
    printf '%s %s\n' "$extension" "$1"
    find pom.xml bin/build.sh .mvn modules/*/pom.xml modules/*/src/main -type f -print0 2>/dev/null |
      grep -zvE "^modules/($others)/" |
      LC_ALL=C sort -z | xargs -0 sha256sum
  ) | sha256sum | cut -c 1-16
}

# Whether nothing that a program is built from has changed since file $1 was touched, a folder's
# list of files included. It goes by the time of the last change of a file or of its name and
# rights, which cp -p and touch cannot set back.
unchanged_since() {
  [ -e "$1" ] && [ -z "$(
    cd "$root" &&
      find pom.xml bin/build.sh .mvn modules \( -name target -o -path '*/src/test' \) -prune -o \
        -cnewer "$1" -print -quit 2>&1
  )" ]
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

# Sets `app` to the folder of the built program of module $1, building it first if need be, with the
# Maven arguments that follow. Each state of the sources has a folder of its own, so a rebuild never
# changes the jars of a program that runs.
build() {
  local module=$1 known=$state/known/$1$extension
  shift
  # To read and hash all sources takes longer than most commands that touch no tensor.
  if unchanged_since "$known" && read -r app <"$known" && usable "$app"; then return; fi
  mkdir -p "$state/known"
  # Touched before anything is read, so that a file that changes meanwhile is newer.
  : >"$known.$$"
  app=$state/app/$(fingerprint "$module")
  usable "$app" || compile "$module" "$@"
  printf '%s\n' "$app" >"$known.part.$$"
  touch -r "$known.$$" "$known.part.$$"
  rm "$known.$$"
  mv -T "$known.part.$$" "$known"
}

# Sets `graphs` to a folder with the engine's random graphs and what runs them on a card, which are classes of tests, for the program
# in folder `app`.
build_graphs() {
  local log=$state/build.log
  graphs=$state/graphs/${app##*/}-$(cd "$root" && find modules/engine/src/test modules/engine-cuda/src/test -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16)
  [ ! -d "$graphs" ] || return 0
  lock
  say "Building the random graphs ..."
  prepare_maven
  remove_stale target/graphs
  "${maven[@]}" -Dstyle.color=never -Dquick -Dtarget.folder=target/graphs -pl modules/engine-cuda -am test-compile \
    >"$log" 2>&1 </dev/null || { build_errors "$log" >&2; fail "the build failed; the whole log: $log"; }
  rm -rf "$state/graphs"
  mkdir -p "$graphs.part"
  # Without the tests that only their frameworks run.
  (
    cd "$root/modules/engine-cuda/target/graphs/test-classes"
    find . \( -name 'RandomGraphs*' -o -name 'GraphCase*' -o -name 'ConvolutionCases*' -o -name 'InterpretedEngine*' \
      -o -name 'TransferringEngine*' \) -exec cp --parents -t "$graphs.part" {} +
  )
  mv -T "$graphs.part" "$graphs"
  unlock
}

# Makes folder `app` from module $1, with the Maven arguments that follow.
compile() {
  local module=$1 log=$state/build.log started=$SECONDS
  shift
  lock
  if usable "$app"; then unlock; return; fi
  if [ -d "$state/app" ]; then
    say "Building ..."
  else
    say "Building (the first time this downloads up to 250 MB; log: .build/build.log) ..."
  fi
  prepare_maven
  remove_stale target/run
  "${maven[@]}" -Dstyle.color=never -Dquick -Dtarget.folder=target/run \
    -Dmaven.test.skip=true "$@" -pl "modules/$module" -am package >"$log" 2>&1 </dev/null ||
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
  # shellcheck disable=SC2012  # the names are ours
  ls -1dt "$state"/app/* | tail -n +6 | while IFS= read -r old; do rm -rf "$old"; done
  if [ "$module" = cli ]; then make_archive; fi
  unlock
  say "Built in $((SECONDS - started)) s."
}
