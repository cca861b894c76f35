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
cli=$PWD/build/unit/chains_cli
make -s build/unit/chains_cli || bail 'make chains_cli'
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

# As the engine tells.
network() { # NAME BRIDGE NET4 NET6 INTERNAL OPTION...
	local options="\"com.docker.network.bridge.name\": \"$2\"" option

	for option in "${@:6}"; do
		options+=", \"com.docker.network.bridge.${option%=*}\":
			\"${option#*=}\""
	done
	printf '{"Name": "%s", "Driver": "bridge", "Id": "0", "Internal": %s,
		"Created": "2026-01-01T00:00:00Z", "EnableIPv6": true,
		"IPAM": {"Config": [{"Subnet": "%s"}, {"Subnet": "%s"}]},
		"Options": {%s}}' "$1" "$5" "$3" "$4" "$options"
}

told() { # CONTAINERS NETWORK-OF-docker0-OPTION... -- OF-THE-OTHER...
	local one=()

	printf '%s' "$1" >"$tmp/containers"
	shift
	while [[ $1 != -- ]]; do
		one+=("$1")
		shift
	done
	printf '[%s, %s]' \
		"$(network bridge docker0 172.17.0.0/24 fd02::/64 "${one[@]}")" \
		"$(network two "$front" 172.18.0.0/24 fd03::/64 "${@:2}")" \
		>"$tmp/networks"
}

cli() { # own|iptables [publish] [containers]
	on nft flush ruleset
	out=$(on "$cli" "$tmp/networks" "$tmp/containers" "$@" 2>&1)
	ok $? "chains: $*" || diag "$out"
}

told '[]' true -- false
cli own
is "$out" changed 'an internal network'
is "$(on "$cli" "$tmp/networks" "$tmp/containers" own)" '' \
	'... again: nothing is changed'
internal() { # HOW
	tries a1 "$1, internal" <<-EOT
		tcp 10.1.0.2 8000 timeout
		tcp fd01::2 8001 timeout
		tcp 172.17.0.3 80 open
		tcp 172.18.0.2 80 timeout
		tcp fd03::2 81 timeout
	EOT
	tries b1 "$1, to an internal one" <<-EOT
		tcp 172.17.0.2 80 timeout
		tcp fd02::2 81 timeout
		tcp 10.1.0.2 8000 open
		tcp fd01::2 8001 open
	EOT
}
internal own
cli iptables
internal iptables

# Containers of a network do not reach each other where the bridge asks.
bridged=/proc/sys/net/bridge/bridge-nf-call-iptables
told '[]' false enable_icc=false -- false
no_icc() { # HOW
	tries a1 "$1, icc=false" <<-EOT
		tcp 172.17.0.3 80 timeout
		tcp 10.1.0.2 8000 open
		tcp 172.17.0.1 7000 open
	EOT
}
if on sh -c "echo 1 >$bridged" 2>/dev/null; then
	cli own
	no_icc own
	cli iptables
	no_icc iptables
	on sh -c "echo 0 >$bridged"
else
	skip 'no br_netfilter' 'icc=false'
fi

# Published ports, which no proxy serves here.
port() { # ADDRESS PORT PRIVATE PROTO
	printf '{"IP": "%s", "PublicPort": %d, "PrivatePort": %d,
		"Type": "%s"}' "$@"
}
published="[{\"Id\": \"1\", \"Names\": [\"/a1\"], \"Ports\": [
	$(port 0.0.0.0 8080 80 tcp), $(port :: 8081 81 tcp),
	$(port 10.1.0.1 8082 80 tcp), $(port 0.0.0.0 5353 53 udp)],
	\"NetworkSettings\": {\"Networks\": {\"bridge\": {
	\"IPAddress\": \"172.17.0.2\", \"GlobalIPv6Address\": \"fd02::2\"}}}}]"
told "$published" false -- false
cli own publish
ports() { # HOW
	tries peer "$1, published" <<-EOT
		tcp 10.1.0.1 8080 open
		tcp 10.1.0.1 8082 open
		tcp fd01::1 8081 open
		udp 10.1.0.1 5353 open
		tcp 10.1.0.1 80 reset
	EOT
	tries host "$1, published, from the host" <<-EOT
		tcp 10.1.0.1 8080 open
		tcp fd01::1 8081 open
		tcp 172.17.0.1 8082 reset
	EOT
	out=$(echo | net_run peer timeout 5 nc -q 1 10.1.0.1 8080)
	is "$(sed -n 3p <<<"$out")" 10.1.0.2 \
		"$1: the container sees who is there"
}
ports own
tries peer 'to the own address of a published one' <<-EOT
	tcp 172.17.0.2 80 timeout
	tcp 172.17.0.2 81 timeout
	tcp fd02::2 81 timeout
EOT
tries a2 'published, for the proxy' <<-EOT
	tcp 10.1.0.1 8080 reset
EOT
on "$fwbox" fw-init
tries peer 'published, behind the gate' <<-EOT
	tcp 10.1.0.1 8080 timeout
	tcp fd01::1 8081 timeout
EOT
on "$fwbox" fw-allow 8080 8081/tcp
tries peer 'published, let in by the gate' <<-EOT
	tcp 10.1.0.1 8080 open
	tcp fd01::1 8081 open
	udp 10.1.0.1 5353 timeout
EOT
cli own publish containers
tries a1 'published, for itself' <<-EOT
	tcp 10.1.0.1 8080 open
EOT
tries a2 'published, for its network' <<-EOT
	tcp 10.1.0.1 8080 open
	tcp fd01::1 8081 open
EOT
cli iptables publish
ports iptables

# Gateway modes.
mode=gateway_mode_ipv
told "$published" false ${mode}4=routed ${mode}6=nat-unprotected -- false
cli own publish
tries peer 'routed and unprotected' <<-EOT
	tcp 172.17.0.2 80 open
	tcp 10.1.0.1 8080 reset
	tcp fd02::2 81 open
	tcp fd01::1 8081 open
EOT
net_run peer busybox ping -c 1 -W 5 172.17.0.2 >/dev/null
ok $? 'routed: pings come through'
done_testing
