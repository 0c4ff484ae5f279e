#!/usr/bin/env bash
# Embeds a corpus: jobs/embed.sh [SPARK OPTIONS --] --input PATH --output TABLE [OPTIONS]; see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"
submit embed "$@"
