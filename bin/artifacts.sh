# What other people's programs are built with. Sourced by run.sh.

# Prints the folders of modules whose artifacts modules/bom lists with a name that begins with $1, with commas.
listed() {
  sed -n "s|.*<artifactId>likelihood4j-\\($1.*\\)</artifactId>.*|modules/\\1|p" "$root/modules/bom/pom.xml" |
    sed 's|^modules/natives-|modules/natives/|' | grep -vx modules/bom | paste -sd ,
}

# Has Maven make all that is published, up to phase $1, with the arguments that follow.
publish() {
  local phase=$1 copy
  shift
  copy_sources
  # The native code of other platforms by itself: the list of what libraries consist of would fetch it.
  maven_publishes -P publish -pl "$(listed natives-)" "$@" "$phase"
  maven_publishes -P publish -pl ".,modules/bom,$(listed '[^n]')" -am "$@" "$phase"
}

# Sets `copy` to a folder with the sources, whose files have the same rights whatever those of this checkout: jars keep them. What was
# compiled there before stays.
copy_sources() {
  copy=$state/publish
  mkdir -p "$copy/modules"
  find "$copy/modules" -name src -prune -exec rm -rf {} +
  (cd "$root" && tar -c --mode=u=rwX,go=rX --exclude=target pom.xml modules LICENSE NOTICE) | tar -x -p -C "$copy"
  : >"$state/publish.log"
}

# Runs Maven there.
maven_publishes() (
  root=$copy
  umask 022
  prepare_maven
  remove_stale target
  "${maven[@]}" -Dstyle.color=never -Dquick -Dmaven.test.skip=true "$@" >>"$state/publish.log" 2>&1 </dev/null ||
    { build_errors "$state/publish.log" >&2; fail "nothing was made; the whole log: $state/publish.log"; }
)

# Prints the version.
version() { sed -n 's|.*<revision>\(.*\)</revision>.*|\1|p' "$root/modules/bom/pom.xml"; }

# The jars, with sources and documentation, into the local Maven repository.
install_artifacts() {
  case ${1:-} in '' | -*) ;; *) fail "install: $1 is no option of Maven; 'stage FOLDER' writes to a folder" ;; esac
  lock
  say "Installing likelihood4j $(version) into the local Maven repository, some minutes (log: .build/publish.log) ..."
  publish install "$@"
  say "Installed: org.likelihood4j:likelihood4j-bom:$(version), and what it lists."
}

# Ends, in one line, unless $1 is a folder that is empty, or one that can be made.
require_empty() {
  local command=$1 folder=${2:-}
  case $folder in
    '' | -*) fail "$command: give a folder that is empty, or not there yet" ;;
  esac
  if [ -e "$folder" ] && [ ! -d "$folder" ]; then fail "$command: $folder is a file; give a folder"; fi
  if [ -d "$folder" ]; then
    [ -r "$folder" ] && [ -w "$folder" ] && [ -x "$folder" ] || fail "$command: $folder: this user may not write there"
    [ -z "$(ls -A -- "$folder")" ] || fail "$command: $folder is not empty; give an empty folder, or a new one"
  fi
  mkdir -p -- "$folder" 2>/dev/null || fail "$command: $folder: this user may not make it"
}

# Prints the file: address of folder $1.
address() {
  local path=$1
  path=${path//%/%25}
  path=${path// /%20}
  path=${path//#/%23}
  path=${path//\?/%3F}
  path=${path//&/%26}
  path=${path//</%3C}
  printf 'file://%s' "$path"
}

# Makes folder $1 a Maven repository with everything that is published; arguments for Maven follow.
stage_artifacts() {
  local folder=${1:-} started=$SECONDS work file
  require_empty stage "$folder"
  shift
  lock
  work=$state/stage
  rm -rf "$work"
  say "Staging likelihood4j $(version), some minutes (log: .build/publish.log) ..."
  publish deploy -Dmaven.install.skip=true "-DaltDeploymentRepository=staged::$(address "$work")" "$@"
  # What a repository has of its own, and when it was put there.
  find "$work" -name 'maven-metadata.xml*' -delete
  # Maven's own sums are MD5 and SHA-1.
  while IFS= read -r -d '' file; do
    sha256sum -- "$file" | cut -c 1-64 | tr -d '\n' >"$file.sha256"
  done < <(find "$work" -type f ! -name '*.md5' ! -name '*.sha1' -print0)
  cp -r -- "$work/." "$folder/" || fail "stage: $folder: cannot be written"
  rm -rf "$work"
  unlock
  say "Staged $(find "$folder" -name '*.pom' | wc -l) artifacts in $((SECONDS - started)) s: $folder"
}

# Stages twice, the second time from a copy of the sources in another folder, with other rights and in another zone, and
# compares all files.
rebuild() {
  local work started=$SECONDS elsewhere differing
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the folder of now
  trap "rm -rf '$work'" EXIT
  elsewhere=$work/elsewhere
  mkdir "$elsewhere"
  (cd "$root" && tar -c --exclude=target run.sh bin pom.xml modules LICENSE NOTICE) | (umask 077 && tar -x -C "$elsewhere")
  ("$script" stage "$work/first" && "$script" dist "$work/first/score.zip")
  (umask 077 && export LC_ALL=C TZ=Pacific/Auckland && bash "$elsewhere/run.sh" stage "$work/second" &&
    bash "$elsewhere/run.sh" dist "$work/second/score.zip")
  differing=$(diff -rq "$work/first" "$work/second" | grep -v '\.\(md5\|sha1\|sha256\) ' | sed "s|$work/||g" || true)
  [ -z "$differing" ] || fail "the two builds differ:"$'\n'"$differing"
  say "Both builds have the same $(find "$work/first" -type f | wc -l) files, $((SECONDS - started)) s."
}

# Writes the ZIP that scores to file $1.
make_dist() {
  [ $# -eq 1 ] || fail "dist: give the file to write, such as likelihood4j-score.zip"
  local file copy
  case $1 in *.zip) ;; *) fail "dist: $1 must end in .zip" ;; esac
  [ ! -e "$1" ] || fail "dist: $1 is there already"
  file=$(readlink -f -- "$1") && [ -d "${file%/*}" ] || fail "dist: the folder of $1 is not there"
  [ -w "${file%/*}" ] || fail "dist: ${file%/*}: this user may not write there"
  lock
  copy_sources
  maven_publishes -q -P dist -pl modules/dist -am package
  cp -- "$copy/modules/dist/target/likelihood4j-score-$(version).zip" "$file"
  say "Wrote $1, $(($(stat -c %s -- "$file") / 1024)) kB."
}
