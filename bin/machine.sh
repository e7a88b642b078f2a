# What this machine lets us use: memory and cores, under control groups of both generations. Sourced
# by run.sh.

# Where the kernel tells of processes and of control groups.
proc=/proc
cgroups=/sys/fs/cgroup

# Prints, of control group $2 below folder $1 and of each group above it, what the files that follow
# say, in one line. A container may know its group by the host's path, which it does not see: then
# the folder itself is its group.
climb() {
  local folder=$1 group=$2 file value line
  shift 2
  while true; do
    line=
    for file in "$@"; do
      # Without a process for it: memory is asked for at every start.
      if [ -r "$folder$group/$file" ]; then
        { read -r value <"$folder$group/$file"; } 2>/dev/null || true
        line="$line $value"
      fi
    done
    if [ -n "$line" ]; then printf '%s\n' "${line# }"; fi
    case $group in */*) group=${group%/*} ;; *) return ;; esac
  done
}

# Does so for all groups of this process: those of the second generation have file $1, those of the
# first controller $2 with the files that follow.
control_groups() {
  local file=$1 controller=$2 number controllers group second='' first=''
  shift 2
  if [ -r "$proc/self/cgroup" ]; then
    while IFS=: read -r number controllers group; do
      if [ "$number:$controllers" = 0: ]; then second=$group; fi
      case ,$controllers, in *,"$controller",*) first=$group ;; esac
    done <"$proc/self/cgroup"
  fi
  climb "$cgroups" "$second" "$file"
  climb "$cgroups/unified" "$second" "$file"
  climb "$cgroups/$controller" "$first" "$@"
}

# Prints the memory that we may use, in MiB: the machine's, or the lowest limit of our control
# groups where that is lower.
memory_mib() {
  local key value total=0 limit
  while read -r key value _; do
    if [ "$key" = MemTotal: ]; then
      total=$((value / 1024))
      break
    fi
  done <"$proc/meminfo"
  while read -r limit; do
    case $limit in '' | *[!0-9]*) continue ;; esac
    # A group of the first generation says "unlimited" by a number of 19 digits.
    if [ ${#limit} -lt 16 ] && [ $((limit / 1048576)) -lt "$total" ]; then total=$((limit / 1048576)); fi
  done < <(control_groups memory.max memory memory.limit_in_bytes)
  printf '%s' "$total"
}

# Prints how many threads to compute with: physical cores, but no more than this process may use.
core_count() {
  local cores allowed quota period
  cores=$(awk -F ': *' '/^physical id/ {p = $2} /^core id/ {seen[p "," $2] = 1} END {n = 0; for (c in seen) n++; print n}' \
    "$proc/cpuinfo")
  allowed=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  if [ "$cores" -lt 1 ] || [ "$cores" -gt "$allowed" ]; then cores=$allowed; fi
  while read -r quota period; do
    # No limit is "max" or -1.
    case $quota$period in '' | *[!0-9]*) continue ;; esac
    if [ "${period:-0}" -gt 0 ] && [ $(((quota + period - 1) / period)) -lt "$cores" ]; then
      cores=$(((quota + period - 1) / period))
    fi
  done < <(control_groups cpu.max cpu cpu.cfs_quota_us cpu.cfs_period_us)
  printf '%s' "$cores"
}

# Prints a size such as 4g, 512m or 1073741824 in MiB; $2 names the setting for the error.
to_mib() {
  case $1 in
    *[!0-9]*[!0-9] | *[!0-9gGmMkK] | '' | [!0-9]*) fail "$2=$1: give a size such as 4g or 512m" ;;
    *[gG]) printf '%s' $((${1%?} * 1024)) ;;
    *[mM]) printf '%s' "${1%?}" ;;
    *[kK]) printf '%s' $((${1%?} / 1024)) ;;
    *) printf '%s' $(($1 / 1048576)) ;;
  esac
}
