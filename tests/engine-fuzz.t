#!/bin/bash
# A coverage-guided fuzzer over the answers of Docker's engine, HTTP and JSON.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/fuzz.sh
. tests/lib/fuzz.sh

fuzz 15 engine
done_testing
