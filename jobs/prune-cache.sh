#!/usr/bin/env bash
# Removes vectors from a cache: jobs/prune-cache.sh [SPARK OPTIONS --] --cache TABLE [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit prune-cache "$@"
