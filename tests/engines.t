#!/bin/bash
# What tests/engine-*.t do with the system's engine, with newer ones: for
# scripts/test.sh --engines.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/again.sh
. tests/lib/again.sh
[[ ${ENGINES-} ]] || skip_all 'newer engines: scripts/test.sh --engines'

for suite in trixie forky; do
	export ENGINE_ROOT=$PWD/build/peers/engine-$suite
	[[ -d $ENGINE_ROOT ]] ||
		bail "no engine of $suite: scripts/setup.sh engines"
	again tests/engine-rules.t "$suite"
	again tests/engine-networks.t "$suite"
	CHANGES=20 again tests/engine-random.t "$suite"
done
done_testing
