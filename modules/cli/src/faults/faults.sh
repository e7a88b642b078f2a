#!/usr/bin/env bash
# Breaks trainings on purpose, resumes them, and compares what comes out with a training that nothing happened to:
#   ./run.sh faults [KILLS] [FAULT ...]
#     KILLS   how often a process is killed by SIGKILL, over both models; default 200, 0 for none
#     FAULT   which other faults, such as full_disk; default all, `none` for none
#
# Models are tiny and a checkpoint is written every second step, so that many kills land inside one. Needs no root; what the
# system does not allow is skipped, and says so. Ends by itself, with exit code 1 if anything was lost.
set -euo pipefail
exec </dev/null

run_sh=$1
kills=${2:-200}
known=(ask_to_stop damage second_process deleted_folder unwritable_log file_size_limit full_disk read_only other_data
  vanished_data divergence none)
faults=("${@:3}")
if [ ${#faults[@]} = 0 ]; then faults=("${known[@]}"); fi
for fault in "${faults[@]}"; do
  case " ${known[*]} " in *" $fault "*) ;; *) kills= ;; esac
done
case $kills in
  *[!0-9]* | '')
    printf 'usage: ./run.sh faults [KILLS] [FAULT ...]; faults: %s\n' "${known[*]}" >&2
    exit 2
    ;;
esac

# Long enough that kills land in many different moments; for a few of them, and for what happens early, half of that does.
epochs=20
if [ "$kills" -gt 8 ]; then epochs=40; fi
for fault in "${faults[@]}"; do
  case $fault in damage | second_process | none) ;; *) epochs=40 ;; esac
done

work=$(mktemp -d)
rows=$work/rows
failed=0
export LIKELIHOOD4J_HEAP=${LIKELIHOOD4J_HEAP:-256m} LIKELIHOOD4J_OFFHEAP=${LIKELIHOOD4J_OFFHEAP:-512m}
trap 'if [ "$failed" = 0 ]; then rm -rf "$work"; else printf "kept for a look: %s\n" "$work"; fi' EXIT

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

cat >"$work/vae.yaml" <<YAML
data: {type: digits, train: 200, validation: 20, test: 20}
model: {type: vae, latent: 4, encoder: {hidden: [16]}, decoder: {hidden: [16]}}
diagnostics: {gradientDraws: 0}
training:
  epochs: $epochs
  batchSize: 20
  schedule: {type: cosine, finalFraction: 0.1}
  warmupSteps: 30
  emaDecay: 0.99
  earlyStopping: {patience: 100}
  logEvery: 7
  imagesEvery: 1000
  checkpointEvery: 2
  checkpointUnit: steps
YAML
cat >"$work/flow.yaml" <<YAML
data: {type: digits, train: 200, validation: 20, test: 20}
model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [16]}, alpha: 0.01}
training:
  epochs: $epochs
  batchSize: 20
  optimizer: {type: sgd, learningRate: 1.0e-4}
  clipNorm: 100
  logEvery: 7
  imagesEvery: 1000
  checkpointEvery: 2
  checkpointUnit: steps
YAML

# ---- tools -----------------------------------------------------------------------------------------------------------

# Starts `./run.sh "$@"` in the background; its process id is in `pid`, what it says in $work/out and $work/err.
start() {
  # Not by the new process alone: `training` would read what the one before has said.
  : >"$work/out"
  "$run_sh" "$@" >"$work/out" 2>"$work/err" &
  pid=$!
}

# Waits for the end of that process; its exit code is in `code`. Bash has something to say of processes that were killed.
finish() {
  code=0
  { wait "$pid" || code=$?; } 2>/dev/null
}

run() {
  start "$@"
  finish
}

# Waits until the started process trains, or has ended.
training() {
  while ! grep -q 'epochs of' "$work/out" && kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
}

# Waits $1/1000 seconds.
wait_ms() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# The newest checkpoint of run $1, which `last` may not name yet.
newest() { ls -1dt "$1"/checkpoints/epoch-* | sed -n 1p; }

# The lines of steps and epochs of run $1, without times.
numbers() {
  grep -E '^\{"event":"(step|epoch)"' "$1/metrics.jsonl" |
    sed -E 's/"time":"[^"]*",?//; s/"seconds":[-+.0-9E]+,?//'
}

# Whether run $1 ended with the bits of run $2: weights, averages, buffers, moments, the best ones, every logged number.
same() {
  local pointer file
  for pointer in last best; do
    for file in weights.safetensors optimizer.safetensors; do
      cmp -s "$1/checkpoints/$(cat "$1/checkpoints/$pointer")/$file" \
        "$2/checkpoints/$(cat "$2/checkpoints/$pointer")/$file" ||
        { say "DIFFERENT: $file of $pointer in $1"; return 1; }
    done
  done
  cmp -s <(numbers "$1") <(numbers "$2") || { say "DIFFERENT: metrics.jsonl in $1"; return 1; }
}

# Whether the process ended with exit code $1 and one line on standard error that matches $2, beside the one by which a JVM tells of
# options in the environment.
one_line() {
  if [ "$code" != "$1" ] || [ "$(grep -vc '^Picked up JAVA_TOOL_OPTIONS' "$work/err")" != 1 ] || ! grep -Eq "^error: .*$2" "$work/err"; then
    say "UNEXPECTED: exit code $code and this on standard error, instead of $1 and one line with '$2':"
    cat "$work/err"
    return 1
  fi
}

# A line of the table: fault, how injected, how often, and what was lost, unless the last command failed.
row() {
  local verdict=$4
  if [ "$5" != 0 ]; then
    verdict="LOST SOMETHING: see above"
    failed=1
  fi
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$verdict" >>"$rows"
}

skipped() { row "$1" "$2" skipped "$3" 0; }

# Trains the config $1 without a fault, to compare with; the rest are further arguments. The milliseconds that it takes, after
# the program's start, are in `span`.
reference() {
  local name=$1 began
  shift
  start train "$work/${name%%-*}.yaml" --runs "$work/whole" --name "$name" "$@"
  training
  began=$(date +%s%3N)
  finish
  span=$(($(date +%s%3N) - began))
  if [ "$code" != 0 ]; then
    cat "$work/err"
    say "the training to compare with failed"
    failed=1
    exit 1
  fi
}

# Starts a training of config $1 as run $2 and kills it while it trains.
killed() {
  local config=$1 name=$2
  shift 2
  start train "$work/$config.yaml" --runs "$work/runs" --name "$name" "$@"
  # Two lines of metrics: by then there are several checkpoints.
  while [ "$(grep -cs '"event":"step"' "$work/runs/$name/metrics.jsonl" || true)0" -lt 20 ] &&
    kill -0 "$pid" 2>/dev/null; do
    sleep 0.01
  done
  kill -9 "$pid" 2>/dev/null || true
  finish
}

# Resumes run $1, which must then be run $2 to the bit.
resumed_is() {
  run resume "$1"
  if [ "$code" != 0 ]; then
    say "UNEXPECTED: resume ended with exit code $code"
    cat "$work/err"
    return 1
  fi
  same "$1" "$2"
}

# ---- kills -----------------------------------------------------------------------------------------------------------

# Kills trainings of config $1 until that has happened $2 times, and lets each run finish in between. A training without a fault
# takes $3 ms.
crash_loop() {
  local config=$1 wanted=$2 span=$(($3 / 8 + 100)) count=0 inside=0 torn=0 early=0 round=0 run ok=0
  while [ "$count" -lt "$wanted" ]; do
    round=$((round + 1))
    run=$work/runs/$config-$round
    start train "$work/$config.yaml" --runs "$work/runs" --name "$config-$round"
    while :; do
      if [ "$count" -ge "$wanted" ]; then
        finish
      else
        # Every eighth time while the program is still starting.
        if [ $((RANDOM % 8)) = 0 ]; then
          wait_ms $((RANDOM % 1500))
          grep -q 'epochs of' "$work/out" || early=$((early + 1))
        else
          training
          wait_ms $((RANDOM % span))
        fi
        if kill -9 "$pid" 2>/dev/null; then code=137; fi
        finish
      fi
      if [ "$code" != 137 ]; then break; fi
      count=$((count + 1))
      if compgen -G "$run/checkpoints/.*.tmp" >/dev/null; then inside=$((inside + 1)); fi
      if [ -s "$run/metrics.jsonl" ] && [ -n "$(tail -c 1 "$run/metrics.jsonl")" ]; then torn=$((torn + 1)); fi
      if [ -e "$run/config.yaml" ]; then
        start resume "$run"
      else
        # Killed before the run was there: the same command again.
        rm -rf "$run"
        start train "$work/$config.yaml" --runs "$work/runs" --name "$config-$round"
      fi
    done
    if [ "$code" != 0 ]; then
      say "UNEXPECTED: exit code $code"
      cat "$work/err"
      ok=1
      break
    fi
    same "$run" "$work/whole/$config" || { ok=1; break; }
    say "$config: $count of $wanted kills, $round runs finished, all as the one without"
    rm -rf "$run"
  done
  row "SIGKILL, $config" \
    "random moments: $inside while a checkpoint was written, $torn tore a line of metrics, $early before training" \
    "$count in $round runs" "nothing: final weights, moments and metrics are the same bits" "$ok"
}

# ---- other faults ----------------------------------------------------------------------------------------------------

ask_to_stop() {
  local ok=0
  start train "$work/flow.yaml" --runs "$work/runs" --name stopped
  training
  wait_ms 400
  kill -TERM "$pid"
  finish
  [ "$code" = 143 ] && grep -q 'checkpoint saved' "$work/out" && resumed_is "$work/runs/stopped" "$work/whole/flow" || ok=1
  row "asked to stop" "SIGTERM, as Ctrl-C" 1 "nothing: a checkpoint of that step is saved" $ok
}

damage() {
  local how ok=0 file
  killed vae damaged
  for how in truncated flipped missing; do
    cp -a "$work/runs/damaged" "$work/runs/damaged-$how"
    file=$(newest "$work/runs/damaged-$how")/weights.safetensors
    case $how in
      truncated) truncate -s 1000 "$file" ;;
      flipped) printf '\xff' | dd of="$file" bs=1 seek=5000 conv=notrunc status=none ;;
      missing) rm "$(dirname "$file")/state.json" ;;
    esac
    resumed_is "$work/runs/damaged-$how" "$work/whole/vae" &&
      [ "$(grep -c 'warning: .*: damaged (.*is used' "$work/out")" = 1 ] || ok=1
  done
  row "damaged newest checkpoint" "weights truncated, a byte changed, state.json deleted" 3 \
    "steps since the one before, taken again; the damaged one is set aside and named" $ok
}

second_process() {
  local ok=0 first
  start train "$work/vae.yaml" --runs "$work/runs" --name shared --set training.epochs=400
  first=$pid
  training
  run resume "$work/runs/shared"
  one_line 1 'another process is training this run' || ok=1
  kill -0 "$first" || ok=1
  kill -TERM "$first"
  pid=$first
  finish
  [ "$code" = 143 ] || ok=1
  row "second process on a run" "resume while it trains" 1 "nothing: refused, the first one goes on" $ok
}

deleted_folder() {
  local ok=0
  start train "$work/vae.yaml" --runs "$work/runs" --name deleted
  training
  wait_ms 300
  rm -rf "$work/runs/deleted" 2>/dev/null || rm -rf "$work/runs/deleted"
  finish
  one_line 1 'deleted or moved|is gone' && [ ! -e "$work/runs/deleted/config.yaml" ] || ok=1
  row "run folder deleted" "rm -rf while it trains" 1 "what was deleted; ends with one line" $ok
}

unwritable_log() {
  local ok=0
  killed vae log
  rm -f "$work/runs/log/log.txt"
  mkdir "$work/runs/log/log.txt"
  resumed_is "$work/runs/log" "$work/whole/vae" && grep -q 'warning: .*log.txt' "$work/out" || ok=1
  row "unwritable log" "log.txt is a folder" 1 "the log of that process; told in one line" $ok
}

file_size_limit() {
  local ok=0
  local -a settings=(--set training.logEvery=1 --set training.checkpointEvery=20)
  reference vae-lines "${settings[@]}"
  (
    ulimit -f 220 # KiB: checkpoints fit, 400 lines of metrics do not
    exec "$run_sh" train "$work/vae.yaml" --runs "$work/runs" --name limited "${settings[@]}"
  ) >"$work/out" 2>"$work/err" &
  pid=$!
  finish
  one_line 1 'cannot be (written|saved)' && grep -q 'warning: .*metrics.jsonl: cannot be written' "$work/out" &&
    resumed_is "$work/runs/limited" "$work/whole/vae-lines" || ok=1
  row "a file may not grow" "ulimit -f: metrics.jsonl stops at 220 KiB, within a line" 1 \
    "steps since the last checkpoint, taken again; the half line is taken back" $ok
}

# Runs in a mount namespace of its own: $1 the program, $2 the work folder, $3 the folder to mount on.
full_disk_inside='
  mount -t tmpfs -o size=1500k none "$3" || exit 99
  code=0
  "$1" train "$2/vae.yaml" --runs "$3" --name full >"$2/out" 2>"$2/err" || code=$?
  df -k "$3" >"$2/df"
  mount -o remount,size=64m "$3"
  resumed=0
  "$1" resume "$3/full" >"$2/out2" 2>"$2/err2" || resumed=$?
  cp -a "$3/full" "$2/runs/full"
  echo "$code $resumed" >"$2/codes"
'
read_only_inside='
  mount --bind "$3" "$3" && mount -o remount,ro,bind "$3" || exit 99
  exec "$1" resume "$3"
'

# Runs script $1 where mounts are its own; 99 if that is not allowed here.
in_namespace() {
  local flags=-m
  if [ "$(id -u)" != 0 ]; then flags=-rm; fi
  unshare $flags true 2>/dev/null || return 99
  unshare $flags bash -c "$1" faults "$run_sh" "$work" "$2"
}

full_disk() {
  local ok=0 resumed
  mkdir "$work/small"
  in_namespace "$full_disk_inside" "$work/small" 2>/dev/null || ok=$?
  if [ $ok = 99 ]; then
    skipped "full disk" "tmpfs of 1.5 MB" "this system allows no mount of one's own"
    return
  fi
  read -r code resumed <"$work/codes"
  one_line 1 'cannot be (saved|written)' && grep -q 'warning: .*No space left' "$work/out" && [ "$resumed" = 0 ] &&
    same "$work/runs/full" "$work/whole/vae" || ok=1
  row "full disk" "tmpfs of 1.5 MB, made larger before resume" 1 \
    "steps since the last checkpoint that fitted, taken again" $ok
}

listing() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }

read_only() {
  local ok=0 before
  killed vae frozen
  before=$(listing "$work/runs/frozen")
  code=0
  in_namespace "$read_only_inside" "$work/runs/frozen" >"$work/out" 2>"$work/err" || code=$?
  if [ "$code" = 99 ]; then
    skipped "read-only run folder" "read-only mount" "this system allows no mount of one's own"
    return
  fi
  one_line 1 'cannot be written \(.*[Rr]ead-only' && [ "$before" = "$(listing "$work/runs/frozen")" ] &&
    resumed_is "$work/runs/frozen" "$work/whole/vae" || ok=1
  row "read-only run folder" "resume on a read-only mount" 1 "nothing: refused, nothing touched" $ok
}

other_data() {
  local ok=0 checkpoint
  killed vae data
  cp -a "$work/runs/data" "$work/runs/data-changed"
  checkpoint=$(newest "$work/runs/data-changed")
  sed -i -E 's/("train" : ")[0-9a-f]{8}/\100000000/' "$checkpoint/state.json"
  (cd "$checkpoint" && sha256sum weights.safetensors optimizer.safetensors state.json >SHA256SUMS)
  run resume "$work/runs/data-changed"
  one_line 1 'other data: SHA-256' && resumed_is "$work/runs/data" "$work/whole/vae" || ok=1
  row "data that changed" "another SHA-256 in the checkpoint" 1 "nothing: refused" $ok
}

vanished_data() {
  local ok=0 mnist=${LIKELIHOOD4J_DATASETS:-/nowhere}/mnist settings
  local -a settings=(--set data.type=mnist --set training.batchSize=1000 --set training.epochs=2)
  if [ ! -d "$mnist" ] || [ -n "$(ls -A "$(dirname "$run_sh")/datasets/mnist" 2>/dev/null)" ] || ! unshare -rn true 2>/dev/null; then
    skipped "data that vanished" "MNIST's folder moved away" \
      "needs MNIST in LIKELIHOOD4J_DATASETS only, and unshare to be without a network"
    return
  fi
  mkdir -p "$work/datasets"
  cp -r "$mnist" "$work/datasets/mnist"
  (
    export LIKELIHOOD4J_DATASETS=$work/datasets LIKELIHOOD4J_JAVA_OPTS=-Duser.home=$work
    reference vae-mnist "${settings[@]}"
    killed vae mnist "${settings[@]}"
    mv "$work/datasets" "$work/away"
    code=0
    unshare -rn "$run_sh" resume "$work/runs/mnist" >"$work/out" 2>"$work/err" || code=$?
    mv "$work/away" "$work/datasets"
    [ "$code" = 1 ] && grep -qi mnist "$work/err" && ! grep -q '^[[:space:]]*at ' "$work/err" &&
      resumed_is "$work/runs/mnist" "$work/whole/vae-mnist"
  ) || ok=1
  row "data that vanished" "MNIST's folder moved away, no network" 1 "nothing: told which files, nothing touched" $ok
}

divergence() {
  local ok=0
  local -a settings=(--set 'training.optimizer={type: sgd, learningRate: 1e30}'
    --set 'training.recovery={attempts: 3, factor: 1e-33}' --set training.checkpointEvery=20)
  reference flow-diverging "${settings[@]}"
  [ "$(grep -c '"event":"rollback"' "$work/whole/flow-diverging/metrics.jsonl")" = 1 ] || ok=1
  killed flow diverging "${settings[@]}"
  resumed_is "$work/runs/diverging" "$work/whole/flow-diverging" || ok=1
  run train "$work/flow.yaml" --runs "$work/runs" --name hopeless --set 'training.optimizer={type: sgd, learningRate: 1e30}' \
    --set 'training.recovery={attempts: 2, factor: 0.5}' --set training.checkpointEvery=20
  one_line 1 'diverged .*after 2 returns to a checkpoint' || ok=1
  row "NaN" "learning rate 1e30; recovery 1e-33, a kill after it, and a recovery too weak" 3 \
    "steps since the checkpoint, taken again at the lower rate; without hope: ends as diverged" $ok
}

# ---- all -------------------------------------------------------------------------------------------------------------

mkdir -p "$work/runs"
say "two trainings to compare with, in $work"
reference vae
vae_span=$span
reference flow
if [ "$kills" -gt 0 ]; then
  crash_loop vae $(((kills + 1) / 2)) "$vae_span"
  crash_loop flow $((kills / 2)) "$span"
fi
for fault in "${faults[@]}"; do
  if [ "$fault" != none ]; then
    say "${fault//_/ }"
    "$fault"
  fi
done

printf '\n| fault | how | times | lost |\n|---|---|---|---|\n'
while IFS=$'\t' read -r fault how times lost; do
  printf '| %s | %s | %s | %s |\n' "$fault" "$how" "$times" "$lost"
done <"$rows"
if [ "$failed" = 0 ]; then printf '\nnothing that a checkpoint had was lost (%s s)\n' "$SECONDS"; fi
exit "$failed"
