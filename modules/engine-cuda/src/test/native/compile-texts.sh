#!/usr/bin/env bash
# Compiles kernels that the fake NVRTC has kept (FAKE_CUDA_TEXTS) by nvcc: each for each kind of card, with the options that it was
# compiled with. None may spill registers, or need more than lets two blocks of 256 threads run at once, unless its launch bounds say
# that one is enough, as where it has more numbers at once than that.
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
    sed -n 's/^.*__launch_bounds__([0-9]*, 1) \([a-z0-9_]*\)(.*$/alone \1/p; 1i text' "$text" >>"$work/log"
    nvcc "${options[@]}" "-arch=sm_$capability" -Xptxas -v -cubin -o "$work/kernels.cubin" "$text" >>"$work/log" 2>&1 ||
      { echo "sm_$capability: nvcc refuses $text"; tail -n 20 "$work/log"; failed=1; }
  done
  awk -v of="sm_$capability" -v texts=${#texts[@]} '
    $1 == "text" { split("", alone) }
    $1 == "alone" { alone[$2] = 1 }
    /Compiling entry function/ { kernels++; split($0, quoted, "\x27"); name = quoted[2] }
    match($0, /[0-9]+ bytes spill stores/) { if ($0 !~ /[^0-9]0 bytes spill stores/) spilled++ }
    match($0, /Used [0-9]+ registers/) { used = substr($0, RSTART + 5, RLENGTH - 15) + 0; if (used > most) most = used
      if (name in alone) single++; else if (used > 128) wide++ }
    END {
      printf "%s: %d kernels of %d texts, %d spill, at most %d registers%s\n", of, kernels, texts, spilled, most,
        single ? " (" single " of one block at once)" : ""
      exit kernels == 0 || spilled > 0 || wide > 0
    }' "$work/log" || failed=1
done
exit "$failed"
