#!/usr/bin/env bash
# Indexes a table of embeddings: jobs/index.sh [SPARK OPTIONS --] --input TABLE --output TABLE [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit index "$@"
