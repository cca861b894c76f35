#!/bin/bash
# ufw in one network namespace, fwbox in another: the same commands, then the
# same packets, thousands of them over hundreds of random rule lists.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
# Debian's own python, which the ufw package installs its modules for.
python=/usr/bin/python3
"$python" -c 'import ufw.parser' 2>/dev/null || skip_all 'needs ufw'
for tool in nft iptables-restore ip6tables-restore make gcc; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
[[ -r /etc/ufw/before.rules ]] || skip_all '/etc/ufw is not readable'

# The evaluator alone, with the sanitizers.
make -s build/unit/judge_cli || bail 'judge_cli does not compile'

# In memory: thousands of times a file is replaced and synced.
files=$(mktemp -d -p /dev/shm 2>/dev/null) || files=$(mktemp -d -p "$tmp")
at_exit "rm -rf '$files'"
# shellcheck source=tests/lib/hosts.sh
. tests/lib/hosts.sh
# Two at a time: much of it is waiting for the kernel.
places=()
for half in 1 2; do
	mkdir -p "$files/$half/etc/default"
	cp -a /etc/ufw "$files/$half/etc/"
	cp /etc/default/ufw "$files/$half/etc/default/"
	sed -i 's/^ENABLED=.*/ENABLED=yes/' "$files/$half/etc/ufw/ufw.conf"
	# The namespace's settings are the test's.
	sed -i 's/^IPT_SYSCTL=.*/IPT_SYSCTL=/' "$files/$half/etc/default/ufw"
	net_new world$half ufw$half box$half
	host_world world$half
	host ufw$half u world$half
	host box$half b world$half
	places+=("$files/$half" "${net_pid[world$half]}"
		"${net_pid[ufw$half]}" "${net_pid[box$half]}")
done

PYTHONDONTWRITEBYTECODE=1 "$python" tests/verdicts.py \
	"${FWBOX:-$PWD/fwbox}" build/unit/judge_cli "${places[@]}" \
	2>"$tmp/errors"
status=$?
diag "$(<"$tmp/errors")"
exit $status
