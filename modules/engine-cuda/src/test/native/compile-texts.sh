#!/usr/bin/env bash
# Compiles kernels that the fake NVRTC has kept (FAKE_CUDA_TEXTS) by nvcc: each for each kind of card, with the options that it was
# compiled with. None may spill registers, or need more than lets two blocks of 256 threads run at once.
#
#   compile-texts.sh FOLDER [CAPABILITY ...]   capabilities such as 90
set -euo pipefail

folder=$1
capabilities=("${@:2}")
[ ${#capabilities[@]} -gt 0 ] || capabilities=(75 80 89 90 100 120)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

shopt -s nullglob
texts=("$folder"/*.cu)
[ ${#texts[@]} -gt 0 ] || { echo "error: there is no text in $folder"; exit 1; }
for capability in "${capabilities[@]}"; do
  : >"$work/log"
  for text in "${texts[@]}"; do
    read -r -a options <<<"$(head -n 1 "$text" | sed -e 's,^//,,' -e 's/--gpu-architecture=[^ ]*//')"
    nvcc "${options[@]}" "-arch=sm_$capability" -Xptxas -v -cubin -o "$work/kernels.cubin" "$text" >>"$work/log" 2>&1 ||
      { echo "sm_$capability: nvcc refuses $text"; tail -n 20 "$work/log"; failed=1; }
  done
  awk -v of="sm_$capability" -v texts=${#texts[@]} '
    /Compiling entry function/ { kernels++ }
    match($0, /[0-9]+ bytes spill stores/) { if ($0 !~ /[^0-9]0 bytes spill stores/) spilled++ }
    match($0, /Used [0-9]+ registers/) { used = substr($0, RSTART + 5, RLENGTH - 15) + 0; if (used > most) most = used }
    END {
      printf "%s: %d kernels of %d texts, %d spill, at most %d registers\n", of, kernels, texts, spilled, most
      exit kernels == 0 || spilled > 0 || most > 128
    }' "$work/log" || failed=1
done
exit "$failed"
