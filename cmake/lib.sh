# shellcheck shell=bash disable=SC2154
# Sourced by the run scripts: what each of them does the same way. Expects `root`, the project's folder.

set -euo pipefail

# CMake takes this from the environment at a build folder's first configuration.
if [[ -z ${CMAKE_CXX_COMPILER_LAUNCHER:-} ]] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

jobs=$(nproc 2>/dev/null || echo 2)
logs="$root/build/logs"

# say TEXT: one line to the person who waits.
say() { printf '== %s\n' "$*"; }

# quietly NAME COMMAND...: runs COMMAND into build/logs/NAME.log; shows the end of that log only when it fails.
quietly() {
  local log="$logs/$1.log" status=0
  shift
  mkdir -p "$logs"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    printf '%s\n' "-- failed with exit code $status: $*" "-- the end of $log:"
    tail -n 60 "$log"
  fi
  return "$status"
}

# configure PRESET [-D...], build PRESET [targets...]: quiet steps of one preset.
configure() {
  local preset=$1
  shift
  (cd "$root" && quietly "$preset-configure" cmake --preset "$preset" "$@")
}

build() {
  local preset=$1
  shift
  (cd "$root" && quietly "$preset-build" cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"})
}
