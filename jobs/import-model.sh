#!/usr/bin/env bash
# Makes a bundle from a model, without Spark: jobs/import-model.sh SOURCE --output DIR [OPTIONS]; see --help. JAVA_OPTS go to Java.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
run_plain import-model "$@"
