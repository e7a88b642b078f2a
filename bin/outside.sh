# The projects of outside/, built as others build them: of the published artifacts alone, with an empty home and an empty local
# repository. Sourced by run.sh.

# Prints their names.
outside_names() {
  local pom names=
  for pom in "$root"/outside/*/pom.xml; do
    pom=${pom%/pom.xml}
    names="$names, ${pom##*/}"
  done
  printf '%s' "${names#, }"
}

# Has Maven build project $1 of folder $work, by the arguments that follow. Our artifacts come from $staged; what else this machine has
# fetched before is not fetched again.
outside_maven() {
  local name=$1 log=$work/$1.log
  shift
  HOME=$work/home MAVEN_OPTS="$MAVEN_OPTS -Duser.home=$work/home" "$mvn" -B -ntp -Dstyle.color=never -s "$work/settings.xml" \
    -f "$work/$name/pom.xml" "-Dmaven.repo.local=$work/repository" "-Dlikelihood4j.version=$(version)" "$@" >"$log" 2>&1 </dev/null ||
    { tail -n 40 "$log" >&2; fail "outside/$name was not built"; }
}

outside_settings() {
  cat <<XML
<settings>
  <profiles>
    <profile>
      <id>outside</id>
      <repositories>
        <repository><id>staged</id><url>$(address "$staged")</url></repository>
        <repository><id>fetched</id><url>$(address "$HOME/.m2/repository")</url></repository>
      </repositories>
      <pluginRepositories>
        <pluginRepository><id>fetched</id><url>$(address "$HOME/.m2/repository")</url></pluginRepository>
      </pluginRepositories>
    </profile>
  </profiles>
  <activeProfiles>
    <activeProfile>outside</activeProfile>
  </activeProfiles>
</settings>
XML
}

# Runs class $2 of project $1, with the arguments that follow.
outside_java() {
  local name=$1 class=$2
  shift 2
  "$java_home/bin/java" "-Duser.home=$work/home" \
    -cp "$work/$name/target/classes:$(cat "$work/$name/class-path")" "$class" "$@"
}

# Builds, of the artifacts in folder $2 after --staged or else of those that it stages, the projects that are named, and all without
# names: one that trains and exports, by the others one that scores and what serves. What they compute is checked.
build_outside() {
  local names=() name started=$SECONDS
  # Seen by those above, and, when this one has ended, by the trap.
  work= staged=
  if [ "${1:-}" = --staged ]; then
    [ -d "${2:-}/org/likelihood4j" ] || fail "outside: --staged takes a folder that './run.sh stage' has made"
    staged=$(readlink -f -- "$2")
    shift 2
  fi
  for name in "$@"; do
    [ -f "$root/outside/$name/pom.xml" ] || fail "outside: there is no project '$name'; there are $(outside_names)"
  done
  names=("$@")
  [ $# -gt 0 ] || IFS=', ' read -r -a names <<<"$(outside_names)"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  if [ -z "$staged" ]; then
    staged=$work/staged
    "$script" stage "$staged"
    started=$SECONDS
  fi
  prepare_maven
  outside_settings >"$work/settings.xml"
  mkdir "$work/home"
  outside_train
  for name in "${names[@]}"; do
    case $name in
      train) ;;
      score)
        outside_score
        outside_zip
        ;;
      *)
        cp -r "$root/outside/$name" "$work/$name"
        outside_maven "$name" "-Dtrained=$work/trained" verify
        say "outside/$name: its tests passed."
        ;;
    esac
  done
  # As modules of one program they may share no package.
  "$java_home/bin/java" -p "$(find "$staged/org/likelihood4j" -name "*-$(version).jar" | paste -sd :)" --validate-modules >&2 ||
    fail "outside: the jars cannot be modules of one program"
  # None of ours may have come from elsewhere.
  name=$(grep -rhs --include=_remote.repositories '>' "$work/repository/org/likelihood4j" | sed -n 's/.*>\(.*\)=$/\1/p' | sort -u)
  [ "$name" = staged ] || fail "outside: ours came from '$name', expected 'staged' alone"
  say "Outside projects stand on what is published, $((SECONDS - started)) s."
}

outside_train() {
  local kl
  cp -r "$root/outside/train" "$work/train"
  outside_maven train compile dependency:build-classpath "-Dmdep.outputFile=$work/train/class-path" -DexcludeTypes=pom
  outside_java train outside.Train "$work/trained" >"$work/trained.txt" 2>"$work/trained.err" ||
    { tail -n 20 "$work/trained.err" >&2; fail "outside/train did not train"; }
  grep '^row ' "$work/trained.txt"
  kl=$(sed -n 's/^kl //p' "$work/trained.txt")
  # Of 500 points of the density itself, what a flow this small has left and a standard error of 0.01.
  awk -v kl="$kl" 'BEGIN { exit !(kl > -0.03 && kl < 0.06) }' || fail "outside/train: KL $kl is not that of a trained flow"
  say "outside/train: KL(true || trained) $kl nats."
}

outside_score() {
  local jars
  cp -r "$root/outside/score" "$work/score"
  outside_maven score compile dependency:build-classpath "-Dmdep.outputFile=$work/score/class-path"
  jars=$(cat "$work/score/class-path")
  case $jars in *:*) fail "outside/score: likelihood4j-score brings other jars: $jars" ;; esac
  outside_java score outside.Score "$work/trained/exports/1" "$work/trained/rows.csv" >"$work/scored.txt"
  # The engine's own numbers of the first rows, which are float32's.
  sed -n 's/^row \([0-9]*\) log_q \([^ ]*\) .*/\2/p' "$work/trained.txt" | paste -d ' ' - "$work/scored.txt" | awk '
    NF == 2 { n++; d = $1 - $2; if (d < 0) d = -d; if (d > 1e-5 * (1 + ($1 < 0 ? -$1 : $1))) bad++ }
    END { exit !(n == 5 && !bad) }' || fail "outside/score: the scores of the export are not those of the engine"
  say "outside/score: the engine's scores, of one jar of $(($(stat -c %s -- "$jars") / 1024)) kB."
}

# The same scores by the launcher of the ZIP, from another folder and through a link.
outside_zip() {
  "$script" dist "$work/score.zip"
  mkdir "$work/a folder"
  (cd "$work/a folder" && "$java_home/bin/jar" --extract --file "$work/score.zip")
  ln -s "$(echo "$work/a folder"/likelihood4j-score-*)/bin/l4j-score" "$work/l4j-score"
  # `jar` sets no rights.
  (cd / && sh "$work/l4j-score" "$work/trained/exports/1" - <"$work/trained/rows.csv") >"$work/scores.csv"
  [ "$(head -n 1 "$work/scores.csv")" = index,log_likelihood ] &&
    tail -n +2 "$work/scores.csv" | cut -d , -f 2 | cmp -s - "$work/scored.txt" ||
    fail "outside/score: l4j-score of the ZIP gives other scores"
  say "outside/score: the launcher of the ZIP gives the same $(wc -l <"$work/scored.txt") scores."
}
