#!/usr/bin/env bash
# Verifies a finished table: jobs/check.sh [SPARK OPTIONS --] TABLE [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit check "$@"
