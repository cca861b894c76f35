#!/bin/bash
# Coverage-guided fuzzers over the other parsers: what users write, what files
# they name, and what the kernel answers.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/fuzz.sh
. tests/lib/fuzz.sh

fuzz 3 rules words profiles services netfile daemon nftables rtnetlink
done_testing
