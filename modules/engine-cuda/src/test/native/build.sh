#!/usr/bin/env bash
# Makes the fake libraries of CUDA in a folder: build.sh FOLDER. Needs g++.
set -euo pipefail

sources=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
mkdir -p -- "$1"
part=$(mktemp "$1/fake.XXXXXX")
g++ -std=c++17 -O2 -fPIC -shared "-DHEADER=\"$sources/cuda_on_cpu.h\"" -o "$part" "$sources/fake_cuda.cpp" -ldl
chmod a+rx "$part"
# One library is all three.
ln -sf libcuda.so.1 "$1/libnvrtc.so.13"
ln -sf libcuda.so.1 "$1/libcublas.so.13"
mv -T "$part" "$1/libcuda.so.1"
