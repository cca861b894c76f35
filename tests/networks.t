#!/bin/bash
# docker-chains' rules with packets: networks kept apart, internal ones, icc,
# IPv6, published ports, with bridges and containers made by hand.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v nft >/dev/null || skip_all 'needs nft'
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules
echo '{"iptables": false}' >"$tmp/daemon.json"

# peer 10.1.0.2 -- 10.1.0.1 host -- docker0 172.17.0.1: a1 .2, a2 .3
#                                -- br-...b 172.18.0.1: b1 .2
front=br-0000000000ab
net_new host peer a1 a2 b1
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_run peer ip route add 172.16.0.0/12 via 10.1.0.1
net_run peer ip route add fd02::/16 via fd01::1
net_run peer ip route add fd03::/16 via fd01::1

on() {
	net_run host "$@"
}

bridge() { # NAME ADDRESS...
	on ip link add "$1" type bridge
	on ip link set "$1" up
	net_address host "$@"
}

container() { # NAME BRIDGE NET4 NET6 NUMBER
	net_link host "v$1" "$1" eth0
	on ip link set "v$1" master "$2"
	net_address "$1" eth0 "$3.$5/24" "$4::$5/64"
	net_run "$1" ip route add default via "$3.1"
	net_run "$1" ip route add default via "$4::1"
	net_serve "$1" tcp,0.0.0.0,80 udp,0.0.0.0,53 tcp,::,81
}

bridge docker0 172.17.0.1/24 fd02::1/64
bridge "$front" 172.18.0.1/24 fd03::1/64
container a1 docker0 172.17.0 fd02 2
container a2 docker0 172.17.0 fd02 3
container b1 "$front" 172.18.0 fd03 2
net_serve peer tcp,0.0.0.0,8000 udp,0.0.0.0,53 tcp,::,8001
net_serve host tcp,0.0.0.0,7000

chains() { # ARGUMENT...
	on "$fwbox" docker-chains -f "$tmp/daemon.json" "$@" >"$tmp/out" 2>&1
	status=$?
	out=$(<"$tmp/out")
	return $status
}

# As the interfaces tell.
chains --list
is "$out" "$front 172.18.0.0/24 fd03::/64
docker0         172.17.0.0/24 fd02::/64" 'the networks as the kernel has them'
chains
is "$status$out" 0 'docker-chains'
is "$(on cat /proc/sys/net/ipv6/conf/all/forwarding)" 1 \
	'IPv6 is forwarded too'
tries a1 'of a network' <<-EOT
	tcp 10.1.0.2 8000 open
	udp 10.1.0.2 53 open
	tcp fd01::2 8001 open
	tcp 172.17.0.3 80 open
	tcp fd02::3 81 open
	tcp 10.1.0.1 7000 open
	tcp 172.18.0.2 80 timeout
	udp 172.18.0.2 53 timeout
	tcp fd03::2 81 timeout
EOT
tries b1 'of the other' <<-EOT
	tcp 10.1.0.2 8000 open
	tcp fd01::2 8001 open
	tcp 172.17.0.2 80 timeout
	tcp fd02::2 81 timeout
EOT
tries peer 'from outside to its own address' <<-EOT
	tcp 172.17.0.2 80 timeout
	udp 172.17.0.2 53 timeout
	tcp fd02::2 81 timeout
	tcp 172.18.0.2 80 timeout
EOT
tries host 'from the host' <<-EOT
	tcp 172.17.0.2 80 open
	tcp fd02::2 81 open
	tcp 172.18.0.2 80 open
EOT
done_testing
