#!/usr/bin/env bash
# Runs the notebooks from top to bottom into target/notebook and compares their outputs with the committed ones.
#   notebooks/run.sh            fails if a cell fails or the committed outputs are outdated
#   notebooks/run.sh --update   writes the new outputs into the notebooks
# SPARK_GBERT_RESULTS names results other than those of the quickstart; only the notebook that shows them runs then, and
# its outputs are not compared.
# Exit codes: 0 done, 1 failed, 2 wrong usage, 77 skipped (no Python or no package index).
set -euo pipefail

notebooks=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(dirname "$notebooks")
scratch=$home/target/notebook
purpose="the notebooks"
. "$notebooks/_environment.sh"

refuse() {
  echo "spark-gbert: Cannot run the notebooks: $1" >&2
  exit 2
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
unset MPLBACKEND MATPLOTLIBRC PYTHONWARNINGS SPARK_HOME SPARK_CONF_DIR SPARK_REMOTE SPARK_GBERT_JARS PYSPARK_SUBMIT_ARGS
export IPYTHONDIR=$scratch/ipython JUPYTER_CONFIG_DIR=$scratch/jupyter MPLCONFIGDIR=$scratch/matplotlib JUPYTER_RUNTIME_DIR=$scratch/runtime
export PYTHONNOUSERSITE=1 PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PYDEVD_DISABLE_FILE_VALIDATION=1 PYTHONPATH=$home/src/main/python
# What Spark's JVM writes at its start goes to the terminal, not into a cell.
mkdir -p "$IPYTHONDIR/profile_default"
echo 'get_config().IPKernelApp.capture_fd_output = False' >"$IPYTHONDIR/profile_default/ipython_kernel_config.py"
# Matplotlib tells that it makes its cache of fonts: here, not in a cell.
"$python" -c 'import matplotlib.font_manager' 2>"$scratch/fonts.log"

run_notebook() {
  "$python" "$notebooks/execute.py" "$mode" "$notebooks/$1.ipynb" "$scratch/$1.ipynb"
}

run_notebook explore_results
[ "$mode" = run ] || run_notebook pyspark_pipeline
