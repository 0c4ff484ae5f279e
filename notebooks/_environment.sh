# Python in an environment of its own, target/python, with what the notebooks and the Python tests need.
# Sourced by notebooks/run.sh and .ci/python-tests, with two names set:
#   home      the checkout
#   purpose   what Python is wanted for, as in "Skipped the notebooks: ..."
# prepare_environment leaves the shell with exit code 77 where there is no Python or no package index, and 1 where a
# package cannot be installed. Then $python is the environment's.
environment=$home/target/python
python=$environment/bin/python
requirements=$home/notebooks/requirements.txt

skip() {
  echo "Skipped $purpose: $1"
  exit 77
}

find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
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
  local pip=("$python" -m pip --quiet --disable-pip-version-check)
  "${pip[@]}" install --requirement "$requirements" 2>"$scratch/pip.log" && return
  "${pip[@]}" download --no-cache-dir --no-deps --dest "$scratch/probe" packaging >/dev/null 2>&1 ||
    skip "no package index can be reached"
  cat "$scratch/pip.log" >&2
  exit 1
}

prepare_environment() {
  local found scratch=$home/target/python-install
  cmp -s "$requirements" "$environment/installed.txt" && return
  found=$(find_python)
  [ -n "$found" ] || skip "Python 3.11 or newer is needed, found none"
  mkdir -p "$scratch"
  echo "Installing what $purpose need into ${environment#"$home/"} ..."
  make_environment "$found"
  install_packages
  cp "$requirements" "$environment/installed.txt"
}
