#!/usr/bin/env bash
# Checks the jar for clusters on two executors: it trains to the bits of one machine, and scores what
# one machine scores.
#
#   spark-check.sh RUN_SH [train | score] [VERSION ...]   both unless one is named; versions of Spark,
#                                                          such as 4.2.0, without any the usual one
set -euo pipefail
run=$1
shift
what=both
case ${1:-} in
  train | score)
    what=$1
    shift
    ;;
esac
root=$(dirname -- "$(readlink -f -- "$run")")
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

few=(--set data.train=400 --set data.validation=50 --set data.test=300 --set training.epochs=1 --set training.batchSize=40
  --set training.shards=4 --set training.schedule.type=constant --runs "$runs")
cluster=(--master 'local-cluster[2,1,1024]')

check_training() {
  "$run" spark train "$root/configs/toy-2d.yaml" "${few[@]}" --name "cluster$1" "${cluster[@]}"
  cmp "$runs/alone/checkpoints/epoch-0001/weights.safetensors" \
    "$runs/cluster$1/checkpoints/epoch-0001/weights.safetensors"
  echo "the same weights"
}

check_scores() {
  local wanted
  wanted=$("$run" score "$runs/alone" | sed -n 's/.*mean log_likelihood \([-0-9.]*\).*/mean log_prob \1/p')
  [ -n "$wanted" ]
  "$run" spark data "$runs/alone" --output "$runs/test$1.parquet" --master 'local[2]'
  "$run" spark score "$runs/alone" --input "$runs/test$1.parquet" --id id --split test \
    --output "$runs/scores$1.parquet" "${cluster[@]}" 2>&1 | tee "$runs/told.txt"
  grep -qF -- "$wanted" "$runs/told.txt"
  echo "the same scores: $wanted"
}

LIKELIHOOD4J_THREADS=1 "$run" train "$root/configs/toy-2d.yaml" "${few[@]}" --name alone
if [ $# = 0 ]; then set -- "${LIKELIHOOD4J_SPARK:-}"; fi
for version in "$@"; do
  export LIKELIHOOD4J_SPARK=$version
  echo "== Spark ${version:-of this project}"
  if [ "$what" != score ]; then check_training "$version"; fi
  if [ "$what" != train ]; then check_scores "$version"; fi
done
