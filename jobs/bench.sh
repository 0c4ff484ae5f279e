#!/usr/bin/env bash
# Measures speed: the machine's limit, the encoder alone, and whole jobs, which are run by jobs/embed.sh: jobs/bench.sh [OPTIONS]; see --help. JAVA_OPTS go to Java.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
run_plain bench --launcher "$home/jobs/embed.sh" "$@"
