#!/usr/bin/env bash
# Clusters embeddings: jobs/cluster.sh [SPARK OPTIONS --] --input TABLE --output DIR [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit cluster "$@"
