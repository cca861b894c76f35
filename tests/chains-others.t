#!/bin/bash
# What docker-chains says about the rest of the host is so, by packets: what
# other tables drop gets through once they are told what it says, and without
# the kernel's settings nothing does, or too much.
set -u
# shellcheck source=tests/lib/chains.sh
. tests/lib/chains.sh

# box 172.17.0.2, box2 172.17.0.3 -- docker0 -- host -- 10.1.0.2 peer
net_new peer box box2
on ip link add docker0 type bridge
net_address host docker0 172.17.0.1/16 fd17::1/64
on ip link set docker0 up
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_run peer ip route add 172.17.0.0/16 via 10.1.0.1
net_serve peer tcp,0.0.0.0,8000 tcp,::,8001
n=2
for name in box box2; do
	net_link host "to-$name" "$name" eth0
	on ip link set "to-$name" master docker0
	net_address "$name" eth0 "172.17.0.$n/16" "fd17::$n/64"
	net_run "$name" ip route add default via 172.17.0.1
	net_run "$name" ip route add default via fd17::1
	net_serve "$name" tcp,0.0.0.0,80
	n=$((n + 1))
done

reaches() { # EXPECTED NAME: a container what is outside, also by IPv6
	tries box "$2" <<-EOT
		tcp 10.1.0.2 8000 $1
		tcp fd01::2 8001 $1
	EOT
}
says() { # NAME PATTERN...: docker-chains, of each; it makes its chains anyway
	local pattern

	chains
	is "$status, $(wc -l <"$tmp/out") of $(($# - 1)) lines" \
		"0, $(($# - 1)) of $(($# - 1)) lines" "$1: what it says"
	for pattern in "${@:2}"; do
		like "$out" "$pattern" "$1: $pattern"
	done
}

says 'nobody else'
reaches open 'nobody else'
tries peer 'nobody else' <<<'tcp 172.17.0.2 80 timeout'

# A table with a policy.
on nft -f - <<-EOT
	table inet strict {
		chain f {
			type filter hook forward priority 5; policy drop;
			ct state established,related accept
		}
	}
EOT
says 'a policy' 'table inet strict .*accept the bridges there too$'
reaches timeout 'a policy'
on nft add rule inet strict f iifname docker0 accept
reaches open 'a policy, with the bridge accepted there'
on nft delete table inet strict

# firewalld: what it has of the way through, and what its command adds.
on nft -f - <<-EOT
	table inet firewalld {
		chain filter_FORWARD {
			type filter hook forward priority filter + 10
			ct state { established, related } accept
			ct status dnat accept
			iifname "lo" accept
			jump filter_FORWARD_ZONES
			ct state invalid drop
			reject with icmpx admin-prohibited
		}
		chain filter_FORWARD_ZONES {
			goto filter_FWD_public
		}
		chain filter_FWD_public {
			meta l4proto { icmp, ipv6-icmp } accept
		}
		chain filter_FWD_trusted {
			accept
		}
	}
EOT
says 'firewalld' \
	'firewalld .*: firewall-cmd --zone=trusted --add-interface=BRIDGE$'
tries box 'firewalld' <<-EOT
	tcp 10.1.0.2 8000 icmp:3/13
	tcp fd01::2 8001 icmp:1/1
EOT
on nft insert rule inet firewalld filter_FORWARD_ZONES iifname docker0 \
	goto filter_FWD_trusted
reaches open 'firewalld, with the bridge trusted'
on nft delete table inet firewalld

# The real ufw.
ufw_() {
	net_run_etc host ufw "$@" >"$tmp/ufw" 2>&1 ||
		ok 1 "ufw $*" || diag "$(<"$tmp/ufw")"
}
beside_ufw() {
	local advice='ufw default allow routed, or iptables -P FORWARD ACCEPT$'

	net_own_etc host
	ufw_ --force reset
	ufw_ --force enable
	says 'ufw' "table ip filter .*: $advice" "table ip6 filter .*: $advice"
	reaches timeout 'ufw'
	on iptables-nft -P FORWARD ACCEPT
	on ip6tables-nft -P FORWARD ACCEPT
	reaches open "ufw, with iptables' policy"
	on iptables-nft -P FORWARD DROP
	on ip6tables-nft -P FORWARD DROP
	ufw_ default allow routed
	says 'ufw, with routed allowed'
	reaches open 'ufw, with routed allowed'
	chains --delete
	ufw_ default deny routed
	like "$(on iptables-nft -S FORWARD)" '-P FORWARD DROP' \
		'ufw, with routed denied'
	chains --iptables
	is "$status: $out" '0: ' 'ufw and --iptables: nothing is said'
	reaches open 'ufw and --iptables'
	fresh
}
if command -v ufw >/dev/null; then
	beside_ufw
else
	skip 'needs ufw' 'ufw'
fi

# The kernel's settings.
settings=(ipv4/ip_forward ipv6/conf/all/forwarding)
set_all() { # VALUE
	# shellcheck disable=SC2016 # for the inner shell
	on sh -c 'cd /proc/sys/net; for name in "$@"; do
		echo "$0" >"$name"; done' "$1" "${settings[@]}"
}
off() { # what it says is not on
	sed -n "s|.* '/proc/sys/net/\(.*\)' is not on: .*|\1|p" "$tmp/out"
}
# shellcheck disable=SC2016 # for the inner shell
readonly_sysctls='mount --bind /proc/sys /proc/sys &&
	mount -o remount,bind,ro /proc/sys && exec "$@"'
cannot_set() { # ARGUMENT...: docker-chains where nothing can be set
	on unshare --mount sh -c "$readonly_sysctls" sh "$fwbox" \
		docker-chains -f "$tmp/daemon.json" "$@" >"$tmp/out" 2>&1
	status=$?
}

set_all 0
chains --no-sysctl
is "$status: $(off)" "0: $(printf '%s\n' "${settings[@]}")" \
	'--no-sysctl: what is not on is said'
reaches timeout '--no-sysctl'
cannot_set
is "$status: $(off)" "1: $(printf '%s\n' "${settings[@]}")" \
	'what cannot be set is said, and a failure'
reaches timeout 'what cannot be set'
cannot_set --no-sysctl
is "$status" 0 'with --no-sysctl it is none'
chains
is "$status: $out" '0: ' 'set'
reaches open 'set'
cannot_set
is "$status: $(off)" '0: ' 'what is set already need not be'

neighbour() { # EXPECTED NAME
	tries box "$2" <<<"tcp 172.17.0.3 80 $1"
}
apart() {
	settings+=(bridge/bridge-nf-call-iptables
		bridge/bridge-nf-call-ip6tables)
	set_all 0
	chains
	neighbour open 'icc is on'
	echo '{"iptables": false, "icc": false}' >"$tmp/daemon.json"
	set_all 0
	chains --no-sysctl
	is "$(off)" "$(printf '%s\n' "${settings[@]}")" \
		'icc=false: what is not on'
	neighbour open 'icc=false, not heeded'
	cannot_set
	is "$status: $(off)" "1: $(printf '%s\n' "${settings[@]}")" \
		'icc=false: what cannot be set'
	chains
	is "$status: $out" '0: ' 'icc=false: set'
	neighbour timeout 'icc=false'
	reaches open 'icc=false'
}
if [[ -e /proc/sys/net/bridge ]]; then
	apart
else
	skip 'no br_netfilter' 'icc=false'
fi
done_testing
