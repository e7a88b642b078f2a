# The JDK that builds and runs the program. Sourced by run.sh.

# Prints the version of the JDK in folder $1, such as 17.0.15; nothing if that is no JDK of version
# 17 or newer.
jdk_version() {
  local line version='' major
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    # Without a process for it: this is asked at every start.
    while read -r line; do
      case $line in JAVA_VERSION=*) version=${line#*\"} && break ;; esac
    done <"$1/release"
  else
    line=$("$1/bin/java" -version 2>&1 | grep -m 1 version || true)
    version=${line#*\"}
  fi
  version=${version%%\"*}
  major=${version%%[!0-9]*}
  if [ "${major:-0}" -ge 17 ]; then printf '%s' "$version"; fi
}

# Sets `java_home`, and `java_version` to such as 17.0.15.
find_jdk() {
  local candidate on_path
  if [ -n "${LIKELIHOOD4J_JAVA_HOME:-}" ]; then
    java_home=$LIKELIHOOD4J_JAVA_HOME
    java_version=$(jdk_version "$java_home")
    [ -n "$java_version" ] || fail "LIKELIHOOD4J_JAVA_HOME=$java_home is not a JDK of version 17 or newer"
    return
  fi
  on_path=$(command -v javac || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f -- "$on_path")
    on_path=${on_path%/*/*}
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

# Whether the JDK's major version is at least $1.
jdk_since() { [ "${java_version%%[!0-9]*}" -ge "$1" ]; }
