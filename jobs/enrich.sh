#!/usr/bin/env bash
# Keeps a table of embeddings up to date: jobs/enrich.sh [SPARK OPTIONS --] --input PATH --output TABLE --id-column NAME [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit enrich "$@"
