# Maven, and the lock by which builds in this folder take turns. Sourced by run.sh.

MAVEN_VERSION=3.9.16
MAVEN_SHA512=831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6
MAVEN_REPO=${LIKELIHOOD4J_MAVEN_REPO:-https://repo.maven.apache.org/maven2}

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

# Sets `mvn`: the one on the PATH if it is new enough, else a pinned one, fetched once.
find_maven() {
  local version part archive
  mvn=$(command -v mvn || true)
  if [ -n "$mvn" ]; then
    version=$("$mvn" --version 2>/dev/null | grep -om 1 'Apache Maven [0-9.]*' || true)
    version=${version##* }
    if [ "$(printf '%s\n' 3.6.3 "${version:-0}" | sort -V | head -n 1)" = 3.6.3 ]; then return; fi
    say "The Maven on the PATH (${version:-unknown version}) is older than 3.6.3, so it is not used."
  fi
  mvn=$state/apache-maven-$MAVEN_VERSION/bin/mvn
  if [ -x "$mvn" ]; then return; fi
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

# Waits until no other run.sh builds or tests in this folder. The lock ends with the process, or
# with `unlock`.
lock() {
  mkdir -p "$state"
  command -v flock >/dev/null || return 0
  exec 9>"$state/lock"
  flock -n 9 || { say "Waiting for another build in this folder ..."; flock 9; }
}
unlock() { exec 9>&-; }

# Removes what was compiled into folder $1 of each module where a source is there no more: Maven
# would leave its classes, and the architecture's tests, and programs, would find them.
remove_stale() {
  local classes sources
  for classes in "$root"/modules/*/"$1"/{classes,test-classes}; do
    [ -d "$classes" ] || continue
    sources=${classes%/"$1"/*}/src/main/java
    case $classes in */test-classes) sources=${sources%/main/java}/test/java ;; esac
    if [ -n "$(comm -23 <(names_of "$classes" class) <(names_of "$sources" java))" ]; then
      rm -rf "$classes"
    fi
  done
}

# Prints the files of folder $1 that end in .$2, without that; of classes those of a file.
names_of() {
  [ ! -d "$1" ] || (cd "$1" && find . -name "*.$2" ! -name '*$*' | sed "s/\.$2\$//" | LC_ALL=C sort)
}

# Sets `maven`, the command line that Maven is started with, and the environment that it runs in.
prepare_maven() {
  find_maven
  export JAVA_HOME=$java_home
  # Compiles for a minute at most: the compiler that optimises, and a collector of several threads,
  # would work as long as all they speed up.
  MAVEN_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}"
  if jdk_since 24; then
    MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $MAVEN_OPTS"
  fi
  export MAVEN_OPTS
  maven=("$mvn" -B -ntp -f "$root/pom.xml" "-Dnd4j.extension=$extension")
}
