#!/usr/bin/env bash
# Verifies a bundle, without Spark: jobs/verify-model.sh BUNDLE [OPTIONS]; see --help. JAVA_OPTS go to Java.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
run_plain verify-model "$@"
