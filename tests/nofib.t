#!/bin/bash
# Where the kernel has no fib expression the rules stand on input and forward:
# the tests with packets, with a binary built to start there.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
command -v gcc >/dev/null || skip_all 'needs gcc'
make -s build/nofib/fwbox >"$tmp/log" 2>&1 ||
	bail "does not build: $(<"$tmp/log")"
FWBOX=$PWD/build/nofib/fwbox exec bash tests/packets.t
