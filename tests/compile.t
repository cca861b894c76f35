#!/bin/bash
# Random lists of rules, as one by one and as the few lookups they become: in
# the kernel, packets near the edges of what the rules name meet the same as
# the evaluator tells.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
pids=()
for tool in nft make gcc setarch; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
make -s build/unit/judge_cli build/plain/fwbox || bail 'it does not compile'

# shellcheck source=tests/lib/hosts.sh
. tests/lib/hosts.sh
# Two at a time: much of it is waiting for the kernel.
for half in 1 2; do
	net_new world$half plain$half box$half
	host_world world$half
	host plain$half p world$half
	host box$half b world$half
	pids+=("${net_pid[world$half]}" "${net_pid[plain$half]}"
		"${net_pid[box$half]}")
done
# In memory: thousands of times a file is replaced and synced.
files=$(mktemp -d -p /dev/shm 2>/dev/null) || files=$(mktemp -d -p "$tmp")
at_exit "rm -rf '$files'"

PYTHONDONTWRITEBYTECODE=1 "$python" tests/compile.py \
	build/plain/fwbox "${FWBOX:-$PWD/fwbox}" build/unit/judge_cli "$files" \
	"${pids[@]}" 2>"$tmp/errors"
status=$?
diag "$(<"$tmp/errors")"
exit $status
