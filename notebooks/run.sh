#!/usr/bin/env bash
# Runs the notebook from top to bottom into target/notebook and compares its outputs with the committed ones.
#   notebooks/run.sh            fails if a cell fails or the committed outputs are outdated
#   notebooks/run.sh --update   writes the new outputs into the notebook
# SPARK_GBERT_RESULTS names results other than those of the quickstart; outputs are not compared then.
# Exit codes: 0 done, 1 failed, 2 wrong usage, 77 skipped (no Python or no package index).
set -euo pipefail

notebooks=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(dirname "$notebooks")
environment=$home/target/notebook-venv
scratch=$home/target/notebook
pip=("$environment/bin/python" -m pip --quiet --disable-pip-version-check)

skip() {
  echo "Skipped the notebook: $1"
  exit 77
}

refuse() {
  echo "spark-gbert: Cannot run the notebook: $1" >&2
  exit 2
}

find_python() {
  local python
  for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
}

# Debian's Python may lack venv; virtualenv does the same.
make_environment() {
  rm -rf "$environment"
  "$1" -m venv "$environment" >"$scratch/venv.log" 2>&1 ||
    { rm -rf "$environment" && "$1" -m virtualenv -q "$environment" >>"$scratch/venv.log" 2>&1; } ||
    skip "$1 can make no virtual environment (on Debian: apt install python3-venv)"
}

# Only a package index that cannot be reached is a reason to skip; a package that it lacks is a failure.
install_packages() {
  "${pip[@]}" install --requirement "$notebooks/requirements.txt" 2>"$scratch/pip.log" && return
  "${pip[@]}" download --no-cache-dir --no-deps --dest "$scratch/probe" packaging >/dev/null 2>&1 ||
    skip "no package index can be reached"
  cat "$scratch/pip.log" >&2
  exit 1
}

prepare_environment() {
  local python
  cmp -s "$notebooks/requirements.txt" "$environment/installed.txt" && return
  python=$(find_python)
  [ -n "$python" ] || skip "it needs Python 3.11 or newer, found none"
  echo "Installing what the notebook needs into ${environment#"$home/"} ..."
  make_environment "$python"
  install_packages
  cp "$notebooks/requirements.txt" "$environment/installed.txt"
}

prepare_results() {
  local file
  for file in corpus_embedded/_embedding_run.json pairs_scored_evaluation/evaluation.json clusters/quality.json; do
    [ -f "$home/target/quickstart/$file" ] || { "$home/jobs/quickstart.sh" && return; }
  done
}

mode=compare
case ${1:-} in
  '') ;;
  --update) mode=update ;;
  *) refuse "it takes --update or nothing, found $1" ;;
esac
if [ -n "${SPARK_GBERT_RESULTS:-}" ]; then
  [ "$mode" = compare ] || refuse "--update is for results of the quickstart, found SPARK_GBERT_RESULTS=$SPARK_GBERT_RESULTS"
  [ -d "$SPARK_GBERT_RESULTS" ] || refuse "SPARK_GBERT_RESULTS has to be a directory, found $SPARK_GBERT_RESULTS"
  mode=run
  SPARK_GBERT_RESULTS=$(cd "$SPARK_GBERT_RESULTS" && pwd)
  export SPARK_GBERT_RESULTS
fi

mkdir -p "$scratch"
prepare_environment
[ "$mode" = run ] || prepare_results

# The user's own settings stay out of the outputs.
unset MPLBACKEND MATPLOTLIBRC PYTHONPATH PYTHONWARNINGS
export IPYTHONDIR=$scratch/ipython JUPYTER_CONFIG_DIR=$scratch/jupyter MPLCONFIGDIR=$scratch/matplotlib JUPYTER_RUNTIME_DIR=$scratch/runtime
export PYTHONNOUSERSITE=1 PYTHONUTF8=1 PYDEVD_DISABLE_FILE_VALIDATION=1
# Matplotlib tells that it makes its cache of fonts: here, not in a cell.
"$environment/bin/python" -c 'import matplotlib.font_manager' 2>"$scratch/fonts.log"
exec "$environment/bin/python" "$notebooks/execute.py" "$mode" "$notebooks/explore_results.ipynb" "$scratch/explore_results.ipynb"
