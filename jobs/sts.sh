#!/usr/bin/env bash
# Scores sentence pairs: jobs/sts.sh [SPARK OPTIONS --] --input PATH --output TABLE [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit sts "$@"
