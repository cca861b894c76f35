#!/bin/bash
# A real Docker engine with networks of all kinds: its own rules are those of
# docker-chains --iptables --publish, and with iptables off and docker-chains
# the same tries have the same answers.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
command -v curl >/dev/null || skip_all 'needs curl'
command -v iptables-nft >/dev/null || skip_all 'needs iptables-nft'
make -s build/unit/chains_cli || bail 'make chains_cli'
cli=$PWD/build/unit/chains_cli

# peer 10.1.0.2 -- 10.1.0.1 host, with the engine
net_new host peer fresh
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_serve peer tcp,0.0.0.0,8000 tcp,::,8001
net_run peer ip route add 172.16.0.0/12 via 10.1.0.1
net_run peer ip route add fd00::/16 via fd01::1
# Else the engine, by its first start, leaves the forward policy.
net_run host sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward
	echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
	echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables' 2>/dev/null

bridge=com.docker.network.bridge
networks() {
	docker_ network create --subnet 172.20.0.0/16 one &&
		docker_ network create --subnet 172.21.0.0/16 --internal \
			inner &&
		docker_ network create --subnet 172.22.0.0/16 \
			-o $bridge.enable_icc=false apart &&
		docker_ network create --subnet 172.23.0.0/16 --ipv6 \
			--subnet fd00:3::/64 two
} >/dev/null

containers() {
	local name

	for name in one1 one2 inner1 inner2 apart1 apart2 two2; do
		engine_web $name --network ${name%?} || return
	done
	engine_web two1 --network two -p 8080:80 && engine_web plain
}

ask() { # WHAT
	curl -s --unix-socket "$engine_dir/docker.sock" "http://engine/$1"
}

told() {
	ask networks >"$tmp/networks" && ask containers/json >"$tmp/containers"
}

saved() { # NAMESPACE
	local six

	for six in '' 6; do
		net_run "$1" "ip${six}tables-nft-save" 2>/dev/null |
			grep -v '^#\|^:\(INPUT\|FORWARD\|OUTPUT\) \|^:P'
	done
}

# The namespace of a container: its first process is known to the engine by
# the number that it has there.
declare -A address
find_containers() {
	local name pid status ours about='{{.State.Pid}}
		{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'

	about=${about//[$'\n\t']/ }
	ours=$(grep -ls "$engine_cgroup" /proc/[0-9]*/cgroup)
	for name in one1 one2 inner1 inner2 apart1 apart2 two1 two2 plain; do
		read -r pid "address[$name]" < <(
			docker_ inspect -f "$about" "$name")
		for status in $ours; do
			read -ra status < <(grep NSpid "${status%cgroup}status")
			[[ ${status[2]} != "$pid" ]] ||
				net_pid[$name]=${status[1]}
		done
	done
}

matrix() {
	local from to

	for from in one1 inner1 apart1 two1 plain peer host; do
		for to in one1 one2 inner1 inner2 apart1 apart2 two1 two2 \
			plain; do
			[[ $from == "$to" ]] && continue
			echo "tcp ${address[$to]} 80 timeout"
		done >"$tmp/tries"
		cat >>"$tmp/tries" <<-EOT
			tcp 10.1.0.2 8000 timeout
			tcp 10.1.0.1 8080 timeout
		EOT
		net_try $from <"$tmp/tries" | awk -v from=$from \
			'{ print from, $1, $2, $3, $5 }'
	done
}

engine_start host '{"experimental": true, "ip6tables": true}'
engine_image
networks && containers
ok $? 'networks and containers' || bail 'no containers to test with'
told
saved host | sort >"$tmp/engines"
net_run fresh "$cli" "$tmp/networks" "$tmp/containers" iptables publish
ok $? 'docker-chains --iptables --publish'
saved fresh | sort >"$tmp/ours"
# The engine makes no DOCKER-USER for IPv6 yet.
is "$(diff "$tmp/engines" "$tmp/ours")" "$(diff "$tmp/engines" <(sort \
	"$tmp/engines" - <<-EOT
		:DOCKER-USER - [0:0]
		-A DOCKER-USER -j RETURN
		-A FORWARD -j DOCKER-USER
	EOT
	))" "$(wc -l <"$tmp/engines") lines are the engine's own"
is "$(saved fresh | grep 'FORWARD.*!' | head -n 4)" \
	"$(saved host | grep 'FORWARD.*!' | head -n 4)" 'in its order'
find_containers
matrix >"$tmp/with"
two1=${address[two1]}
docker_ rm -f one1 one2 inner1 inner2 apart1 apart2 two1 two2 plain >/dev/null
docker_ network rm one inner apart two >/dev/null
engine_stop
net_run host nft flush ruleset

engine_start host '{"iptables": false}'
networks
containers
ok $? 'the same with iptables off'
told
net_run host "$cli" "$tmp/networks" "$tmp/containers" own publish >/dev/null
ok $? 'docker-chains --publish'
find_containers
matrix >"$tmp/without"
while read -r try && read -r other <&3; do
	# This engine lets published ports be reached past the host's.
	[[ $try != "peer tcp $two1 80 open" ]] || try=${try/open/timeout}
	is "$other" "$try" "$try"
done <"$tmp/with" 3<"$tmp/without"
is "$(wc -l <"$tmp/without")" "$(wc -l <"$tmp/with")" 'as many tries'
done_testing
