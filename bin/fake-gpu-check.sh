#!/usr/bin/env bash
# Holds training steps of configs on an imitated NVIDIA card against the processor's, two examples at a time: with usual tiles and
# with tiny ones, by streams that do their work late and at once. Needs g++ and no card; all configs take hours.
#
#   fake-gpu-check.sh PROGRAM [CONFIG ...]   files or folders; without any those of configs/, and the tests' own
#
# Where nvcc is on the PATH it then compiles all kernels that usual tiles gave, for each kind of card.
set -euo pipefail

program=$(readlink -f -- "$1")
tests=${program%/*}/modules/engine-cuda/src/test
configs=("${@:2}")
[ ${#configs[@]} -gt 0 ] || configs=("${program%/*}/configs" "$tests/configs")
texts=$(mktemp -d)
trap 'rm -rf "$texts"' EXIT
failed=0

for tiles in usual tiny; do
  for streams in late eager; do
    printf '\n== %s tiles, %s streams (%s s)\n' "$tiles" "$streams" "$SECONDS"
    kept=$texts
    [ "$tiles" = usual ] || kept=
    FAKE_CUDA_TILES=$tiles FAKE_CUDA_STREAMS=$streams FAKE_CUDA_TEXTS=$kept \
      "$program" fake-gpu check-device "${configs[@]}" --set training.batchSize=2 --seconds 0 || failed=$((failed + 1))
  done
done

printf '\n== Kernels by nvcc (%s s)\n' "$SECONDS"
if command -v nvcc >/dev/null; then
  bash "$tests/native/compile-texts.sh" "$texts" || failed=$((failed + 1))
else
  echo "Skipped: nvcc is not on the PATH."
fi
printf '\n%s parts failed, %s s.\n' "$failed" "$SECONDS"
[ "$failed" = 0 ]
