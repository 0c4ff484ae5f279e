#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: {"name": "gpu", "addresses": ["0", "1"]}
set -euo pipefail
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader | tr -d ' ' | sed 's/.*/"&"/' | paste -sd, -)
echo "{\"name\": \"gpu\", \"addresses\": [$indices]}"
