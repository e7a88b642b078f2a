#!/usr/bin/env bash
# Checks the jar for clusters on two executors: it scores what one machine scores, and trains to the
# same bits.
#
#   spark-check.sh RUN_SH [VERSION ...]   versions of Spark, such as 4.2.0; without any the usual one
set -euo pipefail
run=$1
shift
root=$(dirname -- "$(readlink -f -- "$run")")
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

few=(--set data.train=400 --set data.validation=50 --set data.test=300 --set training.epochs=1 --set training.batchSize=40
  --set training.shards=4 --set training.schedule.type=constant --runs "$runs")
cluster=(--master 'local-cluster[2,1,1024]')

LIKELIHOOD4J_THREADS=1 "$run" train "$root/configs/toy-2d.yaml" "${few[@]}" --name alone
wanted=$("$run" score "$runs/alone" | sed -n 's/.*mean log_likelihood \([-0-9.]*\).*/mean log_prob \1/p')
[ -n "$wanted" ]

if [ $# = 0 ]; then set -- "${LIKELIHOOD4J_SPARK:-}"; fi
for version in "$@"; do
  export LIKELIHOOD4J_SPARK=$version
  echo "== Spark ${version:-of this project}"
  "$run" spark data "$runs/alone" --output "$runs/test$version.parquet" --master 'local[2]'
  "$run" spark score "$runs/alone" --input "$runs/test$version.parquet" --id id --split test \
    --output "$runs/scores$version.parquet" "${cluster[@]}" 2>&1 | tee "$runs/told.txt"
  grep -qF -- "$wanted" "$runs/told.txt"
  "$run" spark train "$root/configs/toy-2d.yaml" "${few[@]}" --name "cluster$version" "${cluster[@]}"
  cmp "$runs/alone/checkpoints/epoch-0001/weights.safetensors" \
    "$runs/cluster$version/checkpoints/epoch-0001/weights.safetensors"
  echo "the same scores ($wanted) and weights"
done
