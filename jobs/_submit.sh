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

jar() {
  ls "$target"/spark-gbert-*.jar 2>/dev/null | grep -v -e '-sources' -e '-javadoc' | head -n 1
}

find_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  if ! command -v "$java" >/dev/null; then
    echo "spark-gbert: Cannot run: it needs Java 17, found no $java" >&2
    exit 2
  fi
  echo "$java"
}

# Jars that Spark lacks, separated by commas.
libraries() {
  local IFS=,
  local jars=("$target"/lib/*.jar)
  echo "${jars[*]}"
}

# If the user has no Spark, the jars that Maven resolved serve as one: a directory of links, as Spark's own launcher expects it.
embedded_spark() {
  local spark=$target/spark
  if [ ! -d "$spark/jars" ] || [ "$target/spark.classpath" -nt "$spark/jars" ]; then
    local part=$target/spark.part.$$
    mkdir -p "$part/jars"
    tr ':' '\n' <"$target/spark.classpath" | while read -r file; do ln -sf "$file" "$part/jars/"; done
    rm -rf "$spark" && mv "$part" "$spark"
  fi
  echo "$spark"
}

# spark-submit, as bin/spark-submit does it: Spark's launcher prints the command, which then runs.
embedded_submit() {
  export SPARK_HOME SPARK_SCALA_VERSION=2.13
  SPARK_HOME=$(embedded_spark)
  local java command=()
  java=$(find_java)
  while IFS= read -r -d '' word; do command+=("$word"); done < <(
    "$java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@"
    printf '%d\0' $?
  )
  local last=$((${#command[@]} - 1))
  [ "${command[$last]}" -eq 0 ] || exit "${command[$last]}"
  unset "command[$last]"
  # The command is preceded by an empty word and a line end.
  command=("${command[@]:1}")
  command[0]=${command[0]#$'\n'}
  exec "${command[@]}"
}

built_jar() {
  local jar
  jar=$(jar) || true
  if [ -z "$jar" ] || [ ! -d "$target/lib" ]; then
    echo "spark-gbert: Cannot run: it is not built; run jobs/quickstart.sh or mvn -B -DskipTests package first" >&2
    exit 2
  fi
  echo "$jar"
}

submit() {
  local job=$1 spark_options=() word
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
  [ -n "$jars" ] && options+=(--jars "$jars")
  export LOG4J_CONFIGURATION_FILE=${LOG4J_CONFIGURATION_FILE:-file:$home/conf/log4j2.properties}

  local all=("${options[@]}" ${rest[@]+"${rest[@]}"} "$jar" "$job" "$@")
  if [ -n "${SPARK_HOME:-}" ]; then
    exec "$SPARK_HOME/bin/spark-submit" "${all[@]}"
  else
    embedded_submit "${all[@]}"
  fi
}

# Runs on Spark's jars, for the libraries among them. JAVA_OPTS go to Java, such as -Xmx1g.
run_plain() {
  local job=$1 jar spark java options=()
  shift
  jar=$(built_jar)
  if [ -n "${SPARK_HOME:-}" ]; then
    spark=$SPARK_HOME/jars/*
  else
    spark=$(cat "$target/spark.classpath")
  fi
  java=$(find_java)
  read -r -a options <<<"${JAVA_OPTS:-}"
  export LOG4J_CONFIGURATION_FILE=${LOG4J_CONFIGURATION_FILE:-file:$home/conf/log4j2.properties}
  exec "$java" ${options[@]+"${options[@]}"} -cp "$spark:$jar" org.sparkgbert.job.Main "$job" "$@"
}
