#!/bin/bash
# What tests/engine-*.t do with the system's engine, with newer ones: for
# scripts/test.sh --engines.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
[[ ${ENGINES-} ]] || skip_all 'newer engines: scripts/test.sh --engines'

again() { # TEST VERSION: its checks as ours, its plan as one more
	local word rest planned='' before=$tap_count

	while read -r word rest; do
		case $word in
		ok) ok 0 "$2: ${rest#*- }" ;;
		not) ok 1 "$2: ${rest#*- }" ;;
		'#') diag "$rest" ;;
		1..*) planned=${word#1..} ;;
		esac
	done < <(bash "$1" 2>"$tmp/err")
	is "$((tap_count - before))" "${planned:-none}" "$2: $1 to its end" ||
		diag "$(<"$tmp/err")"
}

for suite in trixie forky; do
	export ENGINE_ROOT=$PWD/build/peers/engine-$suite
	[[ -d $ENGINE_ROOT ]] ||
		bail "no engine of $suite: scripts/setup.sh engines"
	again tests/engine-rules.t "$suite"
	again tests/engine-networks.t "$suite"
	CHANGES=20 again tests/engine-random.t "$suite"
done
done_testing
