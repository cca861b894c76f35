#!/bin/bash
# A coverage-guided fuzzer over docker-cfg's parser and patcher.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/fuzz.sh
. tests/lib/fuzz.sh

fuzz 20 json
done_testing
