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
mkdir -p "$files/etc/default"
cp -a /etc/ufw "$files/etc/"
cp /etc/default/ufw "$files/etc/default/"
sed -i 's/^ENABLED=.*/ENABLED=yes/' "$files/etc/ufw/ufw.conf"
# The namespace's settings are the test's.
sed -i 's/^IPT_SYSCTL=.*/IPT_SYSCTL=/' "$files/etc/default/ufw"

# The far ends have no addresses and answer nothing: the test reads what
# arrives.  What routes lead to is beyond a neighbour known beforehand.
net_new world ufw box
# shellcheck disable=SC2016 # for the inner shell
net_run world sh -c 'cd /proc/sys/net/ipv6/conf
	echo 1 | tee all/disable_ipv6 default/disable_ipv6' >/dev/null
host() { # NAME END: eth0 and eth1, to END0 and END1 in world
	local i mac at far=02:00:00:00:00:01

	for i in 0 1; do
		at=$((10 * i + 10)).0.0
		net_link "$1" "eth$i" world "$2$i"
		net_run world ip link set "$2$i" arp off address $far
		mac=02:00:00:00:00:1$i
		net_run "$1" ip -batch - <<-END || bail "no host $1"
			link set eth$i address $mac addrgenmode none
			addr flush dev eth$i
			addr add $at.1/24 brd + dev eth$i
			addr add fd0$i::1/64 dev eth$i nodad
			route add local $at.128/26 dev lo
			route add local fd0$i:0:0:100::/56 dev lo
			addr add fe80::1/64 dev eth$i nodad
			neigh add $at.2 lladdr $far dev eth$i
			neigh add fd0$i::2 lladdr $far dev eth$i
			neigh add fe80::2 lladdr $far dev eth$i
			route add ${at%%.*}.0.0.0/8 via $at.2
			route add fd0$i::/16 via fd0$i::2
		END
	done
	net_forward "$1"
	# shellcheck disable=SC2016 # for the inner shell
	net_run "$1" sh -ec 'cd /proc/sys/net
		echo 0 | tee ipv4/conf/*/rp_filter ipv4/conf/*/send_redirects
		echo 0 | tee ipv4/icmp_ratemask ipv4/icmp_ratelimit
		echo 0 | tee ipv6/icmp/ratelimit ipv6/icmp/ratemask' >/dev/null
}
host ufw u
host box b

PYTHONDONTWRITEBYTECODE=1 "$python" tests/verdicts.py \
	"${FWBOX:-$PWD/fwbox}" build/unit/judge_cli "$files" \
	"${net_pid[world]}" "${net_pid[ufw]}" "${net_pid[box]}" \
	2>"$tmp/errors"
status=$?
diag "$(<"$tmp/errors")"
exit $status
