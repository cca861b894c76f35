# shellcheck shell=bash
# Hosts between the ends of wires, for tests/verdicts_hosts.py: the namespace
# world has the ends.  Needs net.sh.

# The far ends have no addresses and answer nothing: the test reads what
# arrives.  What routes lead to is beyond a neighbour known beforehand.
host_world() { # [WORLD]
	# shellcheck disable=SC2016 # for the inner shell
	net_run "${1:-world}" sh -c 'cd /proc/sys/net/ipv6/conf
		echo 1 | tee all/disable_ipv6 default/disable_ipv6' >/dev/null
}
host() { # NAME END [WORLD]: eth0 and eth1, to END0 and END1 in world
	local i mac at far=02:00:00:00:00:01 world=${3:-world}

	for i in 0 1; do
		at=$((10 * i + 10)).0.0
		net_link "$1" "eth$i" "$world" "$2$i"
		net_run "$world" ip link set "$2$i" arp off address $far
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
