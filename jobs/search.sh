#!/usr/bin/env bash
# Searches a table of embeddings: jobs/search.sh [SPARK OPTIONS --] (--input | --index) TABLE --query TEXT [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit search "$@"
