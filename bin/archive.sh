# A class archive for the commands that touch no tensor: their classes as the JVM wants them in
# memory, so that it need not find, read and check 3,000 of them at every start. It halves the time
# to the first line. Sourced by run.sh.

# How the JVM is started for them.
LIGHT=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1)

# Sets `archive` to the file's name. One fits one JVM; another one would ignore it, and the archive
# of its own classes with it.
name_archive() { archive=$app/classes-$java_version${java_home//\//-}.jsa; }

# Makes it: the program runs each of these commands once, and the JVM keeps a list of what it
# loaded. Without it everything works, only later. There is none where this user may not write, and
# an empty one, so that nobody tries again, where the JVM knows no such archives; after any other
# failure the next start tries again.
make_archive() {
  local archive work=$app/archive.$$ class_path
  name_archive
  mkdir -p "$work" 2>/dev/null || return 0
  read -r class_path <"$app/class-path"
  if "$java_home/bin/java" "${LIGHT[@]}" "-XX:DumpLoadedClassList=$work/classes" -cp "$class_path" \
    org.likelihood4j.cli.Rehearsal "$work/runs" >"$work/log" 2>&1 </dev/null &&
    "$java_home/bin/java" -Xshare:dump "-XX:SharedClassListFile=$work/classes" "-XX:SharedArchiveFile=$work/archive" \
      -cp "$class_path" >>"$work/log" 2>&1 </dev/null; then
    [ -e "$work/archive" ] || : >"$work/archive"
  else
    rm -f "$work/archive"
    if grep -qiE 'unrecogni[sz]ed|not supported' "$work/log"; then : >"$work/archive"; fi
  fi
  if [ -e "$work/archive" ]; then mv -T "$work/archive" "$archive"; fi
  rm -rf "$work"
}

# Adds it to `options`; makes it where the last one is another JVM's.
use_archive() {
  local archive
  name_archive
  if [ ! -e "$archive" ]; then make_archive; fi
  # What a JVM says of an archive that does not fit would go to standard output, where results go.
  if [ -s "$archive" ]; then options+=("-XX:SharedArchiveFile=$archive" -Xlog:disable -Xlog:all=error:stderr); fi
}
