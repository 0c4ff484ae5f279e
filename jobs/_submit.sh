#!/usr/bin/env bash
# Runs a job of spark-gbert with spark-submit. Sourced by the launchers: submit JOB [SPARK OPTIONS --] [JOB OPTIONS];
# or with plain java, if a job needs no Spark session: run_plain JOB [JOB OPTIONS]
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$home/target

# Java takes the encoding of file names from the locale; one without UTF-8 cannot represent Bücher.parquet.
if [ "$(locale charmap 2>/dev/null)" != UTF-8 ] && locale -a 2>/dev/null | grep -qix 'C\.utf-\?8'; then
  export LC_ALL=C.UTF-8
fi

# PyTorch's threads would wait for each other by spinning, which costs far more than it saves where others run too.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

jar() {
  ls "$target"/spark-gbert-*.jar 2>/dev/null | grep -v -e '-sources' -e '-javadoc' | head -n 1
}

refuse() {
  echo "spark-gbert: Cannot run: $1" >&2
  exit 2
}

# Spark 4.1 needs Java 17; Hadoop cannot log in from Java 24 on.
find_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java version
  command -v "$java" >/dev/null || refuse "it needs Java 17, found no $java"
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
  if [ -z "$version" ] || [ "$version" -lt 17 ] || [ "$version" -gt 23 ]; then
    refuse "it needs Java 17 or 21, found ${version:-no version} in $java; set JAVA_HOME"
  fi
  echo "$java"
}

# Jars that Spark lacks, separated by commas.
libraries() {
  local IFS=,
  local jars=("$target"/lib/*.jar)
  echo "${jars[*]}"
}

# The jars that Maven resolved lie in its repository, not in target: require_jars CLASS_PATH OWNER [OTHER REMEDY]
require_jars() {
  local path=$target/$1 file files
  [ -r "$path" ] || refuse "it is not built, there is no $path; run mvn -B -DskipTests package"
  # The file may end without a line end, which read reports as an error.
  IFS=: read -r -a files <"$path" || true
  for file in "${files[@]}"; do
    [ -r "$file" ] || refuse "$2 jars are in the Maven repository of who built it, and $file cannot be read here; ${3:-}build again with mvn -B -DskipTests package"
  done
}

require_spark_jars() {
  require_jars spark.classpath "Spark's" 'set SPARK_HOME to a Spark 4.1, or '
}

# Where Spark is. If the user has none, the jars that Maven resolved serve as one, in a directory of links that is named by
# where they lead: what a running job uses does not change.
spark_home() {
  echo "${SPARK_HOME:-$target/spark-$(cksum 2>/dev/null <"$target/spark.classpath" | cut -d ' ' -f 1)}"
}

# Makes that directory, as Spark's own launcher expects it; others may do so at the same time.
embedded_spark() {
  local spark part
  require_spark_jars
  spark=$(spark_home)
  if [ ! -d "$spark/jars" ]; then
    part=$spark.part.$$
    mkdir -p "$part/jars" 2>/dev/null || refuse "$target cannot be written; set SPARK_HOME to a Spark 4.1"
    tr ':' '\n' <"$target/spark.classpath" | while read -r file; do ln -sf "$file" "$part/jars/"; done
    # If another was first, mv moves the part into its directory.
    [ -d "$spark" ] || mv "$part" "$spark"
    rm -rf "$part" "$spark/${part##*/}"
  fi
  echo "$spark"
}

# spark-submit, as bin/spark-submit does it: Spark's launcher prints the command, which then runs.
embedded_submit() {
  export SPARK_HOME SPARK_SCALA_VERSION=2.13
  SPARK_HOME=$(embedded_spark)
  local java command=() errors
  java=$(find_java)
  errors=$(mktemp)
  while IFS= read -r -d '' word; do command+=("$word"); done < <(
    "$java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@" 2>"$errors"
    printf '%d\0' $?
  )
  local said
  said=$(grep -m 1 . "$errors" || true)
  rm -f "$errors"
  local last=$((${#command[@]} - 1))
  [ "${command[$last]}" -eq 0 ] || refuse "Spark's launcher failed: ${said:-no reason given}"
  unset "command[$last]"
  for word in "${command[@]}"; do
    [ "$word" != --usage-error ] || refuse "${said#Error: }; before -- stand options of Spark, after it those of the job"
  done
  # The command is preceded by an empty word and a line end.
  command=("${command[@]:1}")
  command[0]=${command[0]#$'\n'}
  exec "${command[@]}"
}

# What Spark needs to know of itself on any machine: the name of its user, and an address.
require_user_and_host() {
  id -un >/dev/null 2>&1 || refuse "Hadoop needs the name of the user, and user id $(id -u) has none here; add it to /etc/passwd, or run as another user"
  if [ -z "${SPARK_LOCAL_IP:-}${SPARK_LOCAL_HOSTNAME:-}" ] && command -v getent >/dev/null &&
    ! getent hosts "$(uname -n)" >/dev/null; then
    case $1 in
      local | 'local['*) export SPARK_LOCAL_IP=127.0.0.1 ;;
      *) refuse "the name of this host, $(uname -n), leads to no address; add it to /etc/hosts, or set SPARK_LOCAL_IP" ;;
    esac
  fi
}

# Java loads some twenty thousand classes at a start of Spark. jobs/quickstart.sh makes an archive of them, one per Spark and
# Java, with which that takes half of the time: class_archive SPARK
class_archive() {
  local java
  java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") || return 0
  echo "$target/classes-$({ echo "$1"; ls -lL "$java"; } | cksum | cut -d ' ' -f 1).jsa"
}

# Java's options for an archive that is there, one per line: use_archive SPARK
use_archive() {
  local archive
  archive=$(class_archive "$1")
  # Java ignores an archive of other jars, and would say so on standard output.
  [ ! -r "$archive" ] || printf '%s\n' "-XX:SharedArchiveFile=$archive" -Xshare:auto '-Xlog:cds*=off'
}

# Options of spark-submit's JVM; those that the user set come last, and win: start_options SPARK
start_options() {
  local option options="-XX:+IgnoreUnrecognizedVMOptions"
  # ONNX Runtime brings its own machine code, and little else is worth the best: Java makes that forty times later.
  options+=" -XX:Tier4InvocationThreshold=200000 -XX:Tier4MinInvocationThreshold=24000"
  options+=" -XX:Tier4CompileThreshold=600000 -XX:Tier4BackEdgeThreshold=1600000"
  while IFS= read -r option; do options+=" \"${option//\"/\\\"}\""; done < <(use_archive "$1")
  echo "$options ${SPARK_SUBMIT_OPTS:-}"
}

built_jar() {
  local jar
  jar=$(jar) || true
  if [ -z "$jar" ] || [ ! -d "$target/lib" ]; then
    refuse "it is not built; run jobs/quickstart.sh or mvn -B -DskipTests package first"
  fi
  echo "$jar"
}

submit() {
  local job=$1 spark_options=() word
  for word in "$@"; do
    case $word in
      # No Spark need start for it, if its jars are where they usually are.
      -h | --help | -V | --version) [ -n "${SPARK_HOME:-}" ] && [ ! -d "$SPARK_HOME/jars" ] || run_plain "$job" "$word" ;;
    esac
  done
  shift
  for word in "$@"; do
    if [ "$word" = -- ]; then
      while [ "$1" != -- ]; do spark_options+=("$1"); shift; done
      shift
      break
    fi
  done

  local jar
  jar=$(built_jar)

  local master='' jars='' i rest=()
  for ((i = 0; i < ${#spark_options[@]}; i++)); do
    case ${spark_options[i]} in
      --master) master=${spark_options[i + 1]:-} ;;
      --master=*) master=${spark_options[i]#--master=} ;;
      spark.master=* | --conf=spark.master=*) master=${spark_options[i]#*spark.master=} ;;
      # It may name a master.
      --properties-file | --properties-file=*) master=${master:-unknown} ;;
    esac
    # Spark accepts --jars only once, so the user's and ours are joined.
    case ${spark_options[i]} in
      --jars) jars=${spark_options[++i]:-} ;;
      --jars=*) jars=${spark_options[i]#--jars=} ;;
      *) rest+=("${spark_options[i]}") ;;
    esac
  done
  local options=(--class org.sparkgbert.job.Main)
  [ -z "${SPARK_HOME:-}" ] && master=${master:-local[*]}
  # In one JVM the jar finds its libraries by its manifest; executors elsewhere need them sent.
  case $master in
    local | 'local['*) ;;
    *) jars=${jars:+$jars,}$(libraries) ;;
  esac
  require_user_and_host "$master"
  [ -n "$jars" ] && options+=(--jars "$jars")
  export LOG4J_CONFIGURATION_FILE=${LOG4J_CONFIGURATION_FILE:-file:$home/conf/log4j2.properties}

  SPARK_SUBMIT_OPTS=$(start_options "$(spark_home)")
  export SPARK_SUBMIT_OPTS
  local all=("${options[@]}" ${rest[@]+"${rest[@]}"} "$jar" "$job" "$@")
  if [ -n "${SPARK_HOME:-}" ]; then
    exec "$SPARK_HOME/bin/spark-submit" "${all[@]}"
  else
    embedded_submit "${all[@]}"
  fi
}

# Runs on Spark's jars, for the libraries among them. JAVA_OPTS go to Java, such as -Xmx1g.
run_plain() {
  local job=$1 jar spark jars java option options=() given=()
  shift
  jar=$(built_jar)
  if [ -n "${SPARK_HOME:-}" ]; then
    spark=$SPARK_HOME
  else
    require_spark_jars
    spark=$(embedded_spark 2>/dev/null) || spark=
  fi
  # The class path of spark-submit, with which the archive was made.
  jars=$(echo "$spark"/jars/slf4j-api-*.jar)
  jars=$spark/conf:$jars:$spark/jars/*
  [ -n "$spark" ] || jars=$(cat "$target/spark.classpath")
  java=$(find_java)
  while IFS= read -r option; do options+=("$option"); done < <(use_archive "$spark")
  read -r -a given <<<"${JAVA_OPTS:-}"
  export LOG4J_CONFIGURATION_FILE=${LOG4J_CONFIGURATION_FILE:-file:$home/conf/log4j2.properties}
  exec "$java" ${options[@]+"${options[@]}"} ${given[@]+"${given[@]}"} -cp "$jars:$jar" org.sparkgbert.job.Main "$job" "$@"
}
