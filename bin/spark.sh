# Starts what runs on a cluster, as spark-submit does. Sourced by run.sh.

# Sets `spark_home`: that of SPARK_HOME, or else a folder with the jars of a Spark that Maven fetches
# once, which works with this machine's own cores. LIKELIHOOD4J_SPARK is another version of that one.
find_spark() {
  local version=${LIKELIHOOD4J_SPARK:-} settings=() part jars jar
  if [ -n "${SPARK_HOME:-}" ]; then
    [ -x "$SPARK_HOME/bin/spark-submit" ] || fail "SPARK_HOME=$SPARK_HOME: there is no Spark, which would have bin/spark-submit"
    require_spark_4
    spark_home=$SPARK_HOME
    return
  fi
  spark_home=$state/spark/${version:-$(sed -n 's|.*<spark.version>\(.*\)</spark.version>.*|\1|p' "$root/pom.xml")}
  if [ -n "$version" ]; then settings=("-Dspark.version=$version" "-Dspark.mllib.version=$version"); fi
  if whole_spark; then return; fi
  lock
  prepare_maven
  say "Fetching Spark (the first time 310 MB; log: .build/spark.log) ..."
  part=$state/spark.part.$$
  rm -rf "$state"/spark.part.*
  mkdir -p "$part/jars" "$part/conf" "$state/spark"
  "$mvn" -B -ntp -f "$root/modules/spark/src/home/pom.xml" "${settings[@]}" dependency:build-classpath \
    -DincludeScope=runtime "-Dmdep.outputFile=$part/jars.txt" >"$state/spark.log" 2>&1 </dev/null ||
    { build_errors "$state/spark.log" >&2; fail "Spark cannot be fetched; the whole log: $state/spark.log"; }
  # Without a line's end, which 'read' would take for a failure.
  IFS=: read -r -a jars <<<"$(cat "$part/jars.txt")"
  for jar in "${jars[@]}"; do ln -s "$jar" "$part/jars/"; done
  # It says a lot of what it does itself.
  cat >"$part/conf/log4j2.properties" <<'LOG'
rootLogger.level = warn
rootLogger.appenderRef.err.ref = err
appender.err.type = Console
appender.err.name = err
appender.err.target = SYSTEM_ERR
appender.err.layout.type = PatternLayout
appender.err.layout.pattern = %p %c{1}: %m%n%ex{none}
logger.hadoop.name = org.apache.hadoop.util.NativeCodeLoader
logger.hadoop.level = error
logger.scheduler.name = org.apache.spark.scheduler.DAGScheduler
logger.scheduler.level = error
logger.nd4j.name = org.nd4j.imports.converters.ImportClassMapping
logger.nd4j.level = error
LOG
  rm -rf "$spark_home"
  mv -T "$part" "$spark_home"
  unlock
}

# Ends where SPARK_HOME has a Spark that the jar is not for, by the name of its core's jar; one without such a jar may be any.
require_spark_4() {
  local core scala version
  core=$(find -L "$SPARK_HOME/jars" -maxdepth 1 -name 'spark-core_*-*.jar' 2>/dev/null | head -n 1 || true)
  [ -n "$core" ] || return 0
  core=${core##*/spark-core_}
  core=${core%.jar}
  scala=${core%%-*}
  version=${core#*-}
  case $scala-$version in
    2.13-4.*) ;;
    *)
      fail "SPARK_HOME=$SPARK_HOME: is Spark $version of Scala $scala; needed is Spark 4 (Scala 2.13), which is" \
        "fetched where SPARK_HOME is not set"
      ;;
  esac
}

# Whether the folder's links all lead to jars.
whole_spark() {
  [ -s "$spark_home/jars.txt" ] && ! find -L "$spark_home/jars" -type l | grep -q .
}

# Starts class $1 of the cluster's jar with the options of spark-submit in `submitted` and the arguments
# that follow.
submit() {
  local main=$1 jar
  shift
  jar=$(ls "$app"/likelihood4j-spark-*-cluster.jar)
  # Of threads each task has its own; those that wait sleep.
  export OMP_NUM_THREADS=${LIKELIHOOD4J_THREADS:-${OMP_NUM_THREADS:-1}}
  case $OMP_NUM_THREADS in
    *[!0-9]* | '' | 0) fail "LIKELIHOOD4J_THREADS=$OMP_NUM_THREADS: give a number of threads" ;;
  esac
  export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-0}
  local ours=(
    --conf "spark.executorEnv.OMP_NUM_THREADS=$OMP_NUM_THREADS" --conf "spark.executorEnv.GOMP_SPINCOUNT=$GOMP_SPINCOUNT"
    --class "$main"
  )
  if [ -n "${LIKELIHOOD4J_DATASETS:-}" ]; then
    ours+=(--conf "spark.executorEnv.LIKELIHOOD4J_DATASETS=$(readlink -f "$LIKELIHOOD4J_DATASETS")")
  fi
  export SPARK_HOME=$spark_home JAVA_HOME=$java_home
  if [ -x "$spark_home/bin/spark-submit" ]; then
    exec "$spark_home/bin/spark-submit" "${ours[@]}" --driver-java-options "-Dlikelihood4j.home=$root" "${submitted[@]}" "$jar" "$@"
  fi
  # A cluster on this machine: nobody else is to reach it. Its executors leave the jar and what they
  # unpacked behind, which goes when nobody runs one any more.
  exec 8>"$spark_home/users"
  if command -v flock >/dev/null; then
    if flock -n 8; then rm -rf "$spark_home/work"; fi
    flock -s 8
  fi
  ours+=(--conf "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.cachedir='$HOME/.javacpp/cache'")
  export SPARK_CONF_DIR=$spark_home/conf SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
  local opened=() package
  for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
    java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
    opened+=("--add-opens=java.base/$package=ALL-UNNAMED")
  done
  jvm_options
  add_revision
  # shellcheck disable=SC2086  # several options in one variable
  exec "$java_home/bin/java" "${options[@]}" --add-modules jdk.incubator.vector "${opened[@]}" \
    --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED -Djdk.reflect.useDirectMethodHandle=false \
    -Dio.netty.tryReflectionSetAccessible=true ${LIKELIHOOD4J_JAVA_OPTS:-} -cp "$spark_home/conf:$spark_home/jars/*" \
    org.apache.spark.deploy.SparkSubmit --conf spark.ui.enabled=false "${ours[@]}" "${submitted[@]}" "$jar" "$@" \
    2> >(trap '' HUP INT TERM; exec sed -u '/^WARNING: Using incubator modules: jdk.incubator.vector$/d' >&2)
}

# The command that follows, with options of spark-submit among its own.
start_spark() {
  local submitted=() own=()
  while [ $# -gt 0 ]; do
    case $1 in
      --master | --deploy-mode | --conf | --properties-file | --driver-memory | --driver-cores | --executor-memory | \
        --executor-cores | --total-executor-cores | --num-executors | --queue | --jars | --packages | --files | \
        --archives | --principal | --keytab | --driver-java-options | --driver-class-path | --repositories | \
        --proxy-user)
        [ $# -gt 1 ] || fail "$1 needs a value, as of spark-submit"
        if [ "$1" = --driver-memory ]; then LIKELIHOOD4J_HEAP=${LIKELIHOOD4J_HEAP:-$2}; fi
        submitted+=("$1" "$2")
        shift
        ;;
      *) own+=("$1") ;;
    esac
    shift
  done
  # A cluster's machines may differ: the jar has the build that the least of them runs, and oneDNN finds
  # out itself what each can do.
  if [ "${LIKELIHOOD4J_NATIVE:-auto}" = auto ]; then extension=-onednn-avx2; fi
  build spark -P spark
  find_spark
  case ${own[0]:-} in
    check) exec bash "$root/bin/spark-check.sh" "$script" "${own[@]:1}" ;;
    jar)
      ls "$app"/likelihood4j-spark-*-cluster.jar
      ;;
    *) submit org.likelihood4j.spark.commands.SparkMain "${own[@]}" ;;
  esac
}
