#!/bin/bash
# What scripts/lint.sh finds, one check for each of its tools.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

for word in shell includes layout cppcheck analyzer tidy; do
	scripts/lint.sh "$word" >"$tmp/out" 2>&1
	ok $? "lint: $word" || diag "$(head -n 40 "$tmp/out")"
done
done_testing
