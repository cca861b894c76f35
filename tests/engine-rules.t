#!/bin/bash
# docker-chains --as is rule for rule what the real engine writes, for networks
# of all kinds; with docker-proxy and without.
#   RECORD=FOLDER: puts there what the engine tells and what it writes, as
#   tests/golden has it for tests/layout.t.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
need_tools curl
fwbox=${FWBOX:-$PWD/fwbox}

engine_hosts
net_new fresh

option=com.docker.network.bridge
network() { # NAME OPTION...
	docker_ network create -o $option.name="n-$1" "${@:2}" "$1" \
		>/dev/null || bail "no network $1"
}
networks() {
	network one --subnet 172.20.0.0/16
	network inner --subnet 172.21.0.0/16 --internal
	network apart --subnet 172.22.0.0/16 -o $option.enable_icc=false
	network two --subnet 172.23.0.0/16 --ipv6 --subnet fd00:3::/64
	network alone --subnet 172.24.0.0/16 --internal \
		-o $option.enable_icc=false
	network plain --subnet 172.25.0.0/16 \
		-o $option.enable_ip_masquerade=false
}
newer_networks() {
	network inner6 --subnet 172.26.0.0/16 --internal --ipv6 \
		--subnet fd00:6::/64
	network routed --subnet 172.27.0.0/16 --ipv6 --subnet fd00:7::/64 \
		-o $option.gateway_mode_ipv4=routed \
		-o $option.gateway_mode_ipv6=routed
	network open --subnet 172.28.0.0/16 --ipv6 --subnet fd00:8::/64 \
		-o $option.gateway_mode_ipv4=nat-unprotected \
		-o $option.gateway_mode_ipv6=nat-unprotected
}

containers() {
	engine_webs <<-EOT || bail 'no containers'
		web0 -p 8080:80
		web1 --network one
		web2 --network inner -p 8081:80
		web3 --network apart
		web4 --network two -p 8082:80 -p 127.0.0.1:8083:81 \
			-p 10.1.0.1:8084:82/udp
		web5 --network plain -p 8085:80
	EOT
	docker_ network connect one web4
}
newer_containers() {
	engine_webs <<-EOT || bail 'no containers'
		web6 --network inner6
		web7 --network routed -p 8087:80
		web8 --network open -p 8088:80
	EOT
}

# What of the order does not matter: containers start in any, and their rules
# stand where they came; IPv6's DOCKER-USER is not yet made by 20.10.
compare() { # NAME
	local line missing=()

	[[ $version != 20.* ]] ||
		missing=(':DOCKER-USER - [0:0]' '-A DOCKER-USER -j RETURN'
			'-A FORWARD -j DOCKER-USER')
	engine_saved host >"$tmp/engines"
	engine_saved fresh >"$tmp/ours"
	is "$(for line in "${missing[@]}"; do echo "$line"; done |
		sort - "$tmp/engines" | diff - <(sort "$tmp/ours"))" '' \
		"$1: $(wc -l <"$tmp/engines") lines are the engine's own"
	for line in engines ours; do
		grep -v -- '-d 172.*-p\|^-A PREROUTING -d\|DNAT\|-s.*-d' \
			"$tmp/$line" >"$tmp/$line.order"
	done
	((${#missing[@]})) ||
		is "$(diff "$tmp/engines.order" "$tmp/ours.order")" '' \
			"$1: in their order"
}

record() { # NAME
	local folder=$RECORD/$1 six

	mkdir -p "$folder"
	for six in networks containers; do
		jq . "$tmp/$six.json" >"$folder/$six.json"
	done
	for six in '' 6; do
		net_run host bash -c "engine_tool \
			sbin/ip${six}tables-nft-save" |
			sed '/^#/d; s/\[[0-9]*:[0-9]*\]/[0:0]/' \
				>"$folder/ip${six}tables"
	done
}

try() { # NAME
	engine_ask networks >"$tmp/networks.json"
	engine_ask containers/json >"$tmp/containers.json"
	net_run fresh nft flush ruleset
	net_run fresh "$fwbox" docker-chains --as $layout --publish --force \
		--socket "$engine_dir/docker.sock" \
		-f "$engine_dir/daemon.json" >"$tmp/out" 2>&1
	ok $? "$1: docker-chains --as $layout" || diag "$(<"$tmp/out")"
	compare "$1"
	[[ -z ${RECORD-} ]] || record "$1"
}

all() {
	networks
	[[ $layout != 28 ]] || newer_networks
	containers
	[[ $layout != 28 ]] || newer_containers
}

engine_start host '{"experimental": true, "ip6tables": true}'
engine_image
version=$(docker_ version -f '{{.Server.Version}}')
layout=28
[[ $version == 28.* ]] || layout=20.10
diag "$version"
all
try proxy
engine_again host \
	'{"experimental": true, "ip6tables": true, "userland-proxy": false}'
all
try no-proxy
done_testing
