# Which native build of ND4J is used: the one for the CPU that is here. Sourced by run.sh.

# Sets `extension`, the classifier's ending of the native build: "-onednn-avx2", or nothing for the
# base build.
choose_native() {
  local lines line flags=
  case ${LIKELIHOOD4J_NATIVE:-auto} in
    auto)
      # The first processor's lines.
      mapfile -t -n 40 lines </proc/cpuinfo
      for line in "${lines[@]}"; do
        case $line in flags*) flags="${line#*:} " && break ;; esac
      done
      extension=-onednn
      case $flags in *" avx2 "*) case $flags in *" fma "*) extension=-onednn-avx2 ;; esac ;; esac
      case $flags in *" avx512f "*) case $flags in *" avx512bw "*) case $flags in *" avx512vl "*) case $flags in
        *" avx512dq "*) extension=-onednn-avx512 ;;
      esac ;; esac ;; esac ;; esac
      ;;
    base) extension= ;;
    onednn | avx2 | avx512 | onednn-avx2 | onednn-avx512) extension=-$LIKELIHOOD4J_NATIVE ;;
    *) fail "LIKELIHOOD4J_NATIVE=$LIKELIHOOD4J_NATIVE: use onednn-avx512, onednn-avx2, onednn, avx512, avx2 or base" ;;
  esac
}
