#!/usr/bin/env bash
# Makes the Python environment of EncoderComparison, target/python-encoders: sentence-transformers with PyTorch, ONNX
# Runtime and OpenVINO. On Linux, PyTorch from PyPI brings CUDA with it, though nothing here uses it: 7 GB on the disk.
# Exit codes: 0 done, 1 failed, 77 skipped (no Python or no package index).
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../../.." && pwd)
purpose="the encoders of sentence-transformers"
. "$home/notebooks/_environment.sh"
environment=$home/target/python-encoders
python=$environment/bin/python
requirements=$here/requirements.txt
prepare_environment
