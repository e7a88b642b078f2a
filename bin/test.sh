# Checks and tests, of everything or of one module. Sourced by run.sh.

# Prints the modules' names.
module_names() {
  local pom names=
  for pom in "$root"/modules/*/pom.xml; do
    pom=${pom%/pom.xml}
    names="$names, ${pom##*/}"
  done
  printf '%s' "${names#, }"
}

# Prints the modules but $1 that have a test of name $2.
modules_with() {
  local file module names=
  for file in $(cd "$root/modules" && find . -path "./*/src/test/*/$2.java"); do
    module=${file#./}
    module=${module%%/*}
    if [ "$module" != "$1" ]; then names="$names, $module"; fi
  done
  printf '%s' "${names#, }"
}

# Sets `selection` to the Maven arguments by which only module $2 is tested, or of it the tests $3,
# such as SplitTest or SplitTest#roundTrip,MaskTest, if that is not empty. Command $1 asks.
# Dependencies are compiled where they have changed, but not tested.
select_tests() {
  local command=$1 module=$2 tests=$3 test names
  if [ -z "$module" ] || [ ! -f "$root/modules/$module/pom.xml" ]; then
    fail "$command: there is no module '$module'; there are $(module_names)"
  fi
  # Maven can only ask whether a folder is there: the package of the module's name tells it from others.
  local package=main/java/org/likelihood4j/${module//-//}
  if [ ! -d "$root/modules/$module/src/$package" ]; then package=test/java/org/likelihood4j/${module//-/}; fi
  selection=(-pl "modules/$module" -am "-Dtested.package=$package")
  case $module in benchmarks | browser | fuzz | spark) selection+=(-P "$module") ;; esac
  if [ -n "$tests" ]; then
    IFS=, read -r -a names <<<"$tests"
    for test in "${names[@]}"; do require_test "$command" "$module" "$test"; done
    selection+=("-Dtest=$tests")
  fi
}

# Whether module $2 has the test $3, such as SplitTest or SplitTest#roundTrip, is asked by command
# $1.
require_test() {
  local command=$1 module=$2 class=${3%%#*} method=${3#"${3%%#*}"} files others
  mapfile -t files < <(find "$root/modules/$module/src/test" -name "$class.java" 2>/dev/null)
  if [ ${#files[@]} = 0 ]; then
    others=$(modules_with "$module" "$class")
    if [ -n "$others" ]; then fail "$command: module $module has no test '$class'; $others has"; fi
    fail "$command: there is no test '$class', in $module or in any other of $(module_names)"
  fi
  method=${method#\#}
  case $method in
    '' | *[!A-Za-z0-9_]*) ;; # a pattern
    # It may be another class's that this one extends.
    *)
      grep -qE -- "\b$method\(| extends " "${files[@]}" ||
        fail "$command: ${files[0]#"$root"/} has no test '$method'"
      ;;
  esac
}

# All tests with all gates; of one module with $1 a name, and of it one test with $2. Maven
# arguments may follow.
run_tests() {
  local selection=()
  select_from test "$@"
  shift "$named"
  lock
  prepare_maven
  remove_stale target
  # Two modules at a time where neither needs the other; more would need more memory than machines
  # have that build it.
  exec "${maven[@]}" -T 2 "${selection[@]}" verify "$@"
}

# Reads MODULE and TEST of command $1 from what follows, as far as they are there; sets `named` to
# their number.
select_from() {
  local command=$1 module=${2:-} test=${3:-}
  named=0
  case $module in '' | -*) return 0 ;; esac
  case $test in -*) test= ;; esac
  select_tests "$command" "$module" "$test"
  named=$((${test:+1} + 1))
}

# Prints how many tests the reports in folder $1 are of.
tests_in() {
  cat "$1"/TEST-*.xml 2>/dev/null |
    sed -n 's/.*<testsuite .* tests="\([0-9]*\)".*/\1/p' |
    awk '{ n += $1 } END { print n + 0 }'
}

# Leaves out what the JVM says of the vectors' module at each start, a reset of colours, which some
# builds of Maven print always, and what Maven says after each failure.
without_noise() {
  sed -u -e 's/\x1b\[0m//g' -e 's/ *-> \[Help 1\]$//' \
    -e '/^WARNING: Using incubator modules: jdk.incubator.vector$/d' -e '/^\(\[ERROR\]\)\? *$/d' \
    -e '/^\[ERROR\] *\(To see the full\|Re-run Maven\|For more information\|\[Help 1\]\)/d' \
    -e '/^\[ERROR\] *\(After correcting\|mvn <args>\)/d'
}

# One module for who works on it: without gates, offline, with compilers that are ready early.
# Beside the sources' own target, whose classes the gates have seen.
develop() {
  local selection=() named started=$SECONDS log=$state/dev.log
  select_from dev "$@"
  [ "$named" -gt 0 ] || fail "dev: give a module, and a test of it if you like; there are $(module_names)"
  local module=$1 reports=$root/modules/$1/target/run/surefire-reports
  shift "$named"
  lock
  rm -rf "$reports"
  prepare_maven
  remove_stale target/run
  # -q leaves out all but errors; of surefire's lines those stay that name the class that runs.
  if "${maven[@]}" -o -q -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugin.surefire=info \
    -Dquick -Dtarget.folder=target/run "${selection[@]}" test "$@" 2>&1 |
    without_noise | sed -u -e 's/^\[INFO\] \(Running \)/\1/' -e '/^\[INFO\]/d' | tee "$log"; then
    grep -hs '^measured: ' "$reports"/*-output.txt || true
    say "$module: $(tests_in "$reports") tests passed in $((SECONDS - started)) s."
  elif grep -qi 'offline mode' "$log"; then
    fail "dev works offline, and something was never fetched: './run.sh test $module' fetches it"
  else
    exit 1
  fi
}

# Format check, static checks and the rules between modules.
check_sources() {
  lock
  prepare_maven
  remove_stale target
  exec "${maven[@]}" -T 2 -Dtest=ArchitectureTest -Dsurefire.failIfNoSpecifiedTests=false verify "$@"
}

format_sources() {
  lock
  prepare_maven
  # Without the parent of all, which would be asked what spotless is.
  exec "${maven[@]}" -q -P benchmarks,browser,fuzz,spark -pl '!modules/bom' spotless:apply "$@"
}

# The report in a real browser.
test_browser() {
  local program
  for program in "${LIKELIHOOD4J_CHROMIUM:-/usr/bin/chromium}" "${LIKELIHOOD4J_CHROMEDRIVER:-/usr/bin/chromedriver}"; do
    [ -x "$program" ] ||
      fail "$program is not there: install Chromium and its driver (Debian: apt install chromium chromium-driver)"
  done
  lock
  prepare_maven
  "${maven[@]}" -P browser -Dmaven.test.skip=true -pl modules/browser -am verify "$@"
  grep -hs '^measured: ' "$root"/modules/browser/target/surefire-reports/*-output.txt || true
}
