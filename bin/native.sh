# Which native build of ND4J is used: for the CPU that is here, or for CUDA. Sourced by run.sh.

# Sets `device`: what LIKELIHOOD4J_DEVICE says; else what the command line $@ of a training says;
# else cpu.
#
# The class path, and with it the device, must be known before the JVM starts. Only the program can
# read a config, so it is asked, but only where the word stands somewhere: nobody else pays for a
# second JVM.
choose_device() {
  device=${LIKELIHOOD4J_DEVICE:-auto}
  case $device in
    cpu | cuda) return ;;
    auto) device=cpu ;;
    *) fail "LIKELIHOOD4J_DEVICE=$device: use cpu or cuda" ;;
  esac
  if mentions_cuda "$@"; then
    choose_native
    build cli
    device=$(answer org.likelihood4j.cli.DeviceQuestion "$@")
  fi
}

# Whether the word cuda stands in the command line $@ of a training or in a config that it names.
mentions_cuda() {
  local argument config
  case ${1:-} in train | resume | compare) ;; *) return 1 ;; esac
  for argument in "$@"; do
    config=$argument
    if [ -d "$argument" ]; then config=$argument/config.yaml; fi
    if [ -f "$config" ] && grep -qi cuda -- "$config"; then return 0; fi
    case $argument in *[cC][uU][dD][aA]*) return 0 ;; esac
  done
  return 1
}

# Before gigabytes are fetched for a card that is not there; the program asks the driver which one
# it is.
require_driver() {
  if [ "$device" = cuda ] && ! command -v nvidia-smi >/dev/null; then
    fail "device cuda: no NVIDIA driver here (there is no nvidia-smi on the PATH); use device: cpu"
  fi
}

# Sets `extension`, the classifier's ending of the native build: "-onednn-avx2", or nothing for the
# base build.
choose_native() {
  local lines line flags=
  if [ "$device" = cuda ]; then
    extension=
    return
  fi
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
