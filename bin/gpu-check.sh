#!/usr/bin/env bash
# Checks an NVIDIA card with the whole program: ./run.sh gpu-check, or gpu-check in a folder that
# ./run.sh gpu-bundle has packed. Nothing is fetched.
#
#   gpu-check.sh PROGRAM [DEVICE]   DEVICE: cuda, or cpu to try the script itself
#
# Each part says "ok" or "FAILED" at its end, and the last line how many failed.
set -euo pipefail

program=$(readlink -f -- "$1")
device=${2:-cuda}
home=${program%/*}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Runs function $2 as part $1, and goes on whatever it says.
part() {
  local started=$SECONDS status=0
  printf '\n== %s\n' "$1"
  ("${@:2}") || status=$?
  case $status in
    0) printf 'ok, %s s\n' "$((SECONDS - started))" ;;
    124) printf 'broken off after %s s, which says nothing\n' "$((SECONDS - started))" ;;
    *)
      printf 'FAILED, %s s: %s\n' "$((SECONDS - started))" "$1"
      failed=$((failed + 1))
      ;;
  esac
}

# Trains config $2 as run $1, quietly; what it says is shown if it fails.
train() {
  local name=$1
  shift
  "$program" -q train "$@" --set "device=$device" --runs "$work" --name "$name" >"$work/$name.log" 2>&1 ||
    { tail -n 5 "$work/$name.log"; return 1; }
}

# The sum of the weights that the last epoch of run $1 left.
weights() { sha256sum <"$(printf '%s\n' "$work/$1"/checkpoints/epoch-* | tail -n 1)/weights.safetensors"; }

machine() {
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,compute_cap,driver_version,memory.total --format=csv
  fi
  "$program" --version
}

steps() { "$program" check-device --device "$device" --seconds 0.3; }

graphs() { "$program" gpu-graphs | tee "$work/graphs"; }

# In precision $1.
narrow() {
  "$program" check-device --device "$device" --seconds 0.3 --set "device=$device" --set "precision=$1" \
    "$home"/configs/mnist/{vae,vae-conv,realnvp,realnvp-flat}.yaml
}

# Whether the program's card has bfloat16 and TF32: compute capability 8.0 or newer, or it does not say.
has_narrow() {
  local major
  major=$(sed -n 's/.* of compute capability \([0-9]*\)\..*/\1/p' "$work/graphs")
  [ "${major:-8}" -ge 8 ]
}

# Twice the same training, and once in two pieces.
bits() {
  local config=$home/configs/quickstart-vae.yaml
  local few=(--set data.train=2000 --set data.validation=200 --set training.schedule.type=constant)
  train whole "$config" "${few[@]}" --set training.epochs=2 || return 1
  train again "$config" "${few[@]}" --set training.epochs=2 || return 1
  train pieces "$config" "${few[@]}" --set training.epochs=1 || return 1
  "$program" -q resume "$work/pieces" --set training.epochs=2 >"$work/pieces.log" 2>&1 ||
    { tail -n 5 "$work/pieces.log"; return 1; }
  local sum again pieces there here
  sum=$(weights whole) && again=$(weights again) && pieces=$(weights pieces) || return 1
  echo "$sum"
  if [ "$sum" != "$again" ]; then echo "the same training gave other weights"; return 1; fi
  if [ "$sum" != "$pieces" ]; then echo "a resumed training gave other weights"; return 1; fi
  # What was trained here opens on the processor as well; its ELBO is the same to two digits behind the point.
  there=$(elbo whole "$device") && here=$(elbo whole cpu) || return 1
  printf 'ELBO on %s %s, on cpu %s\n' "$device" "$there" "$here"
  awk -v a="$there" -v b="$here" 'BEGIN { exit !(a != "" && b != "" && (a - b) ^ 2 < 0.01 ^ 2) }' ||
    { echo "they differ by more than rounding"; return 1; }
}

# The ELBO of run $1 on device $2.
elbo() {
  "$program" -q evaluate "$work/$1" --repeats 1 --images 100 --device "$2" >"$work/elbo" || return 1
  awk '$1 == "elbo" { print $2 }' "$work/elbo"
}

# A whole training: of MNIST where LIKELIHOOD4J_DATASETS has it, else of drawn digits.
whole() {
  local started=$SECONDS
  if [ -d "${LIKELIHOOD4J_DATASETS:-}/mnist" ]; then
    train mnist "$home/configs/mnist/vae.yaml" --set training.epochs=5 || return 1
  else
    echo "LIKELIHOOD4J_DATASETS has no MNIST: drawn digits"
    train mnist "$home/configs/quickstart-vae.yaml" || return 1
  fi
  printf 'trained in %s s\n' "$((SECONDS - started))"
  "$program" -q evaluate "$work/mnist" --repeats 1 --device "$device"
}

# PyTorch's own steps of three of the configs, for the table above; what has been timed by then is shown.
pytorch() { timeout --foreground 150 python3 "${BASH_SOURCE[0]%/*}/torch-steps.py" "$device"; }

sanitizer() {
  local tool
  for tool in memcheck racecheck; do
    LIKELIHOOD4J_JAVA_PREFIX="compute-sanitizer --tool $tool --error-exitcode 9 --print-limit 5" \
      timeout --foreground 60 "$program" check-device --device "$device" --seconds 0.01 "$home/configs/toy-2d.yaml" || return
  done
}

part "the machine" machine
part "a step of each config, against the processor" steps
if [ "$device" = cuda ]; then
  part "random graphs" graphs
fi
if [ "$device" = cuda ] && has_narrow; then
  part "four of them in mixed precision" narrow mixed
  part "the same by TF32" narrow tf32
else
  printf '\nmixed precision and TF32 need a card of compute capability 8.0: left out\n'
fi
part "the same bits, twice and resumed; a run on both devices" bits
part "a whole training" whole
if python3 -c 'import torch' 2>/dev/null; then
  part "PyTorch's steps" pytorch
else
  printf '\npython3 has no torch: its steps are not timed\n'
fi
if command -v compute-sanitizer >/dev/null; then
  part "compute-sanitizer" sanitizer
else
  printf '\ncompute-sanitizer is not on the PATH: left out\n'
fi

printf '\n%s\n' "$([ "$failed" = 0 ] && echo "gpu-check: all parts ok" || echo "gpu-check: $failed parts FAILED") ($SECONDS s)"
[ "$failed" = 0 ]
