#!/bin/bash
# All tests, from nothing: sets up, builds, runs.  The last line counts.
#   scripts/test.sh [--full] [--engines] [TEST...]
#                           only these (tests/NAME.t, build/unit/NAME)
# The longest campaigns are samples, whole with --full (half an hour);
# --engines brings in newer engines of Docker's, and tests with them too.
# JOBS=N runs N at a time (2).  With CI=true a skip is a failure.
set -eu
cd "$(dirname "$0")/.."
exec </dev/null
jobs=${JOBS:-2}
full='' engines=''
while [[ ${1-} == --* ]]; do
	case $1 in
	--full) full=yes ;;
	--engines) engines=yes ;;
	*)
		echo "$0: unknown option '$1'" >&2
		exit 2
		;;
	esac
	shift
done
if [[ ! $full ]]; then
	export ROUNDS=${ROUNDS:-100} PEER_ROUNDS=${PEER_ROUNDS:-1}
	export CHANGES=${CHANGES:-12}
	export EDITS=${EDITS:-40} STEP=${STEP:-4}
	export STATUS_LISTS=${STATUS_LISTS:-30}
	export COMPILE_EDITED=${COMPILE_EDITED:-10}
fi

./scripts/setup.sh build test ${engines:+engines}
make -j "$jobs" fwbox units build/san/fwbox build/nofib/fwbox build/plain/fwbox
# Where that cannot be made, its tests say so.
! command -v clang >/dev/null || make -j "$jobs" build/fuzz/fuzz || true
export ENGINES=$engines
[[ $# -gt 0 ]] || set -- build/unit/test_* tests/*.t
tests=()
for file; do
	# Those of make, without what it left beside them or of a removed test.
	case $file in
	*.d) continue ;;
	tests/engines.t) [[ $engines ]] || continue ;;
	build/unit/*) [[ -e tests/unit/${file##*/}.c ]] || continue ;;
	esac
	tests+=("$file")
done
exec perl tests/lib/run.pl "$jobs" "${tests[@]}"
