#!/usr/bin/env bash
# Trains four small models and prints the SHA-256 of their weights, to see whether a change of the program moved a bit. The
# sums hold for one instruction set (the engine and the libraries choose their loops by it): compare on one machine.
#
#   weights.sh RUN_SH >docs/figures/weights.txt
set -euo pipefail

program=$(readlink -f -- "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$(dirname -- "$program")"

# Trains config $2 as run $1 and prints the sum of what its last epoch left.
sum() {
  local name=$1
  shift
  "$program" train "$@" --runs "$work" --name "$name" >"$work/$name.log" 2>&1 || { tail -n 5 "$work/$name.log" >&2; exit 1; }
  local last
  last=$(ls -d "$work/$name"/checkpoints/epoch-* | tail -n 1)
  printf '%s  %-20s %s\n' "$(sha256sum <"$last/weights.safetensors" | cut -d ' ' -f 1)" "$name" "${last##*/}"
}

sum quickstart-vae configs/quickstart-vae.yaml
sum quickstart-realnvp-flat configs/quickstart-realnvp-flat.yaml
sum toy-2d configs/toy-2d.yaml
if [ -d "${LIKELIHOOD4J_DATASETS:-datasets}/mnist" ]; then
  # 300 steps: 60,000 images less 30,000, in batches of 100.
  sum mnist-300-steps configs/mnist/vae.yaml --set data.validation=30000 --set training.epochs=1
fi
