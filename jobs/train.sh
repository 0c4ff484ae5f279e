#!/usr/bin/env bash
# Trains a sentence encoder on this machine: jobs/train.sh [SPARK OPTIONS --] --model CHECKPOINT --train PAIRS --dev PAIRS --output DIR [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"

jar=$(built_jar)
# Only this process loads PyTorch's jars, and executors never do. Its classes and ours need one class loader, so ours stand there, too.
require_jars training.classpath "PyTorch's"
class_path=$jar:$(cat "$target/training.classpath")

spark_options=()
job_options=("$@")
for ((i = 1; i <= $#; i++)); do
  if [ "${!i}" = -- ]; then
    spark_options=("${@:1:i-1}")
    job_options=("${@:i+1}")
    break
  fi
done

options=()
for ((i = 0; i < ${#spark_options[@]}; i++)); do
  case ${spark_options[i]} in
    # Spark accepts it only once, so the user's and ours are joined.
    --driver-class-path) class_path=$class_path:${spark_options[++i]:-} ;;
    --driver-class-path=*) class_path=$class_path:${spark_options[i]#*=} ;;
    *) options+=("${spark_options[i]}") ;;
  esac
done
# Weights pass through the heap tensor by tensor; PyTorch's own memory is outside of it. Whatever the user says of it counts.
case " ${options[*]-} " in
  *' --driver-memory'* | *'spark.driver.memory='* | *' --properties-file'*) ;;
  *) options+=(--driver-memory 3g) ;;
esac
submit train --driver-class-path "$class_path" ${options[@]+"${options[@]}"} -- ${job_options[@]+"${job_options[@]}"}
