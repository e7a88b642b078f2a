# The notebooks: their kernel for Java, and a Jupyter of their own that runs them without a screen. Sourced by run.sh.

# From Maven Central, one jar with all that it needs; runs on Java 17 and newer.
KERNEL_VERSION=3.0.1
KERNEL_SHA512=ca549bada2a04c64ebf7ac563407e15f3c0cfb833a0187469f264accf7ed6860b659b544e211300f0788bae2babcd9930619e442c2406f2c40e6dd84d13bb7fb

# Sets `kernel` to the kernel's jar, fetched once. Fails with status 1 where it cannot be had.
find_kernel() {
  local name=rapaio-jupyter-kernel-$KERNEL_VERSION.jar part
  kernel=$state/kernel/$name
  if [ -s "$kernel" ]; then return; fi
  say "Fetching the Java kernel of Jupyter (14 MB) ..."
  mkdir -p "$state/kernel"
  part=$kernel.part.$$
  if ! download "$MAVEN_REPO/io/github/padreati/rapaio-jupyter-kernel/$KERNEL_VERSION/$name" "$part" ||
    ! printf '%s  %s\n' "$KERNEL_SHA512" "$part" | sha512sum --check --status; then
    rm -f "$part"
    return 1
  fi
  mv -T "$part" "$kernel"
}

# Replaces this process by the kernel that Jupyter asks for, with the program on its class path. $1 tells it where to listen.
start_kernel() {
  local class_path
  [ -s "${1:-}" ] || fail "notebooks --kernel: is for Jupyter, which names a file; './run.sh notebooks --install' tells it of the kernel"
  build cli
  find_kernel || fail "the Java kernel cannot be fetched from $MAVEN_REPO: set LIKELIHOOD4J_MAVEN_REPO"
  choose_class_path
  # What shows figures in a notebook. Cells are compiled with the class path of the process.
  export RJK_CLASSPATH= RJK_INIT_SCRIPT=$root/notebooks/kernel/show.jshell RJK_TIMEOUT_MILLIS=-1 RJK_COMPILER_OPTIONS=
  # Behind the program, whose own libraries come first, and behind our logging.properties, which hides the kernel's.
  export LIKELIHOOD4J_CLASS_PATH=${LIKELIHOOD4J_CLASS_PATH:+$LIKELIHOOD4J_CLASS_PATH:}$root/notebooks/kernel:$kernel
  start "$root/notebooks/kernel/Kernel.java" -Djava.awt.headless=true \
    "-Djava.util.logging.config.file=$root/notebooks/kernel/logging.properties" -- "$1" \
    >/dev/null 2> >(trap '' HUP INT TERM; exec sed -u '/^warning: using incubating module/d; /^1 warning$/d' >&2)
}

# Writes into folder $1 of kernels what Jupyter starts ours by.
write_kernel() {
  mkdir -p "$1/likelihood4j"
  cat >"$1/likelihood4j/kernel.json.part.$$" <<JSON
{
  "argv": ["$(json_text "$script")", "notebooks", "--kernel", "{connection_file}"],
  "display_name": "Likelihood4J (Java)",
  "language": "java",
  "interrupt_mode": "message"
}
JSON
  mv -T "$1/likelihood4j/kernel.json.part.$$" "$1/likelihood4j/kernel.json"
}

# Prints $1 as it stands between quotes in JSON.
json_text() {
  local text=${1//\\/\\\\}
  printf '%s' "${text//\"/\\\"}"
}

# Tells the user's own Jupyter of the kernel.
install_kernel() {
  local kernels=${JUPYTER_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/jupyter}/kernels
  build cli
  find_kernel || fail "the Java kernel cannot be fetched from $MAVEN_REPO: set LIKELIHOOD4J_MAVEN_REPO"
  write_kernel "$kernels"
  say "Jupyter knows the kernel 'Likelihood4J (Java)' now: $kernels/likelihood4j"
  say "Open the lessons: jupyter lab notebooks"
}

# Whether python $1 can run notebooks.
runs_notebooks() { "$1" -c 'import nbclient, nbformat, ipykernel' >/dev/null 2>&1; }

# Sets `python` to one that can run notebooks, and the environment that it needs: one that is here, or else one that is made
# in .build/jupyter, which nothing else sees. Fails with status 1 where none can be had.
find_jupyter() {
  local candidate place=$state/jupyter
  for candidate in "${LIKELIHOOD4J_PYTHON:-}" python3 /usr/bin/python3; do
    if [ -n "$candidate" ] && runs_notebooks "$candidate"; then
      python=$candidate
      return
    fi
    [ -z "${LIKELIHOOD4J_PYTHON:-}" ] || fail "LIKELIHOOD4J_PYTHON=$LIKELIHOOD4J_PYTHON: has no nbclient and ipykernel"
  done
  use_jupyter "$place" && return
  make_debian_jupyter "$place" || make_venv_jupyter "$place" || return 1
  use_jupyter "$place"
}

# Takes the Jupyter of folder $1, if there is one that works.
use_jupyter() {
  local libraries
  if [ -x "$1/bin/python" ]; then
    python=$1/bin/python
  elif [ -d "$1/usr" ]; then
    python=/usr/bin/python3
    if [ -x "$1/usr/bin/python3" ]; then python=$1/usr/bin/python3; fi
    libraries=$(printf '%s:' "$1"/usr/lib/*-linux-gnu)
    export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:-}
    export PYTHONPATH=$1/usr/lib/python3/dist-packages JUPYTER_PATH=$1/usr/share/jupyter
  else
    return 1
  fi
  runs_notebooks "$python"
}

# Unpacks Debian's Jupyter into folder $1, without installing it: as anybody, and whatever Python the user has.
make_debian_jupyter() {
  local part=$1.part.$$ log=$state/jupyter.log names deb
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say "Fetching Debian's Jupyter into .build/jupyter (some 15 MB; log: .build/jupyter.log) ..."
  rm -rf "$1" "$1".part.*
  mkdir -p "$part/lists/partial" "$part/cache/archives/partial" "$part/debs"
  local own=(-o "Dir::State::lists=$part/lists" -o "Dir::Cache=$part/cache" -o APT::Sandbox::User= -o Acquire::Retries=2)
  if ! {
    timeout 120 apt-get -qq "${own[@]}" update
    mapfile -t names < <(apt-get "${own[@]}" install --print-uris -qq -y --no-install-recommends \
      python3-nbclient python3-ipykernel 2>>"$log" | sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p")
    [ ${#names[@]} -gt 0 ] && (cd "$part/debs" && timeout 300 apt-get -qq "${own[@]}" download "${names[@]}")
  } >"$log" 2>&1; then
    rm -rf "$part"
    return 1
  fi
  for deb in "$part"/debs/*.deb; do dpkg-deb -x "$deb" "$part"; done
  rm -rf "$part/lists" "$part/cache" "$part/debs"
  mv -T "$part" "$1"
}

# Makes a virtual environment in folder $1.
make_venv_jupyter() {
  say "Fetching Jupyter by pip into .build/jupyter (log: .build/jupyter.log) ..."
  rm -rf "$1"
  if ! { python3 -m venv "$1" && "$1/bin/python" -m pip install nbclient ipykernel; } >>"$state/jupyter.log" 2>&1; then
    rm -rf "$1"
    return 1
  fi
}

# Runs the notebooks, those named or all, and compares what they print with what is stored; with --write stores it. With --fetch
# only fetches what that needs.
run_notebooks() {
  local python kernel
  case ${1:-} in
    --kernel) start_kernel "${2:-}" ;;
    --install) install_kernel; return ;;
  esac
  build cli
  mkdir -p "$state"
  find_kernel || fail "the Java kernel of the notebooks cannot be fetched from $MAVEN_REPO: set LIKELIHOOD4J_MAVEN_REPO"
  find_jupyter ||
    fail "the notebooks need Jupyter, which is not here and cannot be fetched: pip install nbclient ipykernel"
  if [ "${1:-}" = --fetch ]; then return; fi
  write_kernel "$state/notebooks/kernels"
  export JUPYTER_PATH=$state/notebooks${JUPYTER_PATH:+:$JUPYTER_PATH}
  export JUPYTER_RUNTIME_DIR=$state/notebooks/runtime IPYTHONDIR=$state/notebooks/ipython JUPYTER_PLATFORM_DIRS=1
  export PYDEVD_DISABLE_FILE_VALIDATION=1
  exec "$python" "$root/bin/notebooks.py" "$root" "$@"
}
