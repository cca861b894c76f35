#!/bin/bash
# A real Docker engine with networks of all kinds: by its own rules, and with
# iptables off and docker-chains, the same tries have the same answers.  That
# the rules are the same too is engine-rules.t's.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
fwbox=${FWBOX:-$PWD/fwbox}

engine_hosts
net_serve peer tcp,0.0.0.0,8000 udp,0.0.0.0,8000 tcp,::,8001 udp,::,8001

bridge=com.docker.network.bridge
networks() {
	docker_ network create --subnet 172.20.0.0/16 one &&
		docker_ network create --subnet 172.21.0.0/16 --internal \
			inner &&
		docker_ network create --subnet 172.22.0.0/16 \
			-o $bridge.enable_icc=false apart &&
		docker_ network create --subnet 172.23.0.0/16 --ipv6 \
			--subnet fd00:3::/64 two &&
		docker_ network create --subnet 172.24.0.0/16 --ipv6 \
			--subnet fd00:4::/64 six
} >/dev/null

names='one1 one2 inner1 inner2 apart1 apart2 two1 two2 six1 plain'
containers() { # with addresses that do not come of their order
	engine_webs <<-EOT
		one1 --network one --ip 172.20.0.2
		one2 --network one --ip 172.20.0.3
		inner1 --network inner --ip 172.21.0.2
		inner2 --network inner --ip 172.21.0.3
		apart1 --network apart --ip 172.22.0.2
		apart2 --network apart --ip 172.22.0.3
		two1 --network two --ip 172.23.0.2 --ip6 fd00:3::2 \
			-p 8080:80 -p 5353:53/udp
		two2 --network two --ip 172.23.0.3 --ip6 fd00:3::3
		six1 --network six --ip 172.24.0.2 --ip6 fd00:4::2
		plain
	EOT
}

declare -A address address6
find_containers() {
	local name four six about='{{slice .Name 1}}
		{{range .NetworkSettings.Networks}}{{.IPAddress}}
		{{.GlobalIPv6Address}}{{end}}'

	about=${about//[$'\n\t']/ }
	# shellcheck disable=SC2086
	engine_join $names
	# shellcheck disable=SC2086
	while read -r name four six; do
		address[$name]=$four
		address6[$name]=$six
	done < <(docker_ inspect -f "$about" $names)
	for name in $names; do
		net_serve "$name" udp,0.0.0.0,53 udp,::,53 tcp,::,81
	done
}

tries_from() { # NAME
	local to

	for to in $names; do
		[[ $1 == "$to" ]] && continue
		echo "tcp ${address[$to]} 80 timeout"
		echo "udp ${address[$to]} 53 timeout"
		[[ ${address6[$to]} ]] || continue
		echo "tcp ${address6[$to]} 81 timeout"
		echo "udp ${address6[$to]} 53 timeout"
	done
	cat <<-EOT
		tcp 10.1.0.2 8000 timeout
		udp 10.1.0.2 8000 timeout
		tcp fd01::2 8001 timeout
		udp fd01::2 8001 timeout
		tcp 10.1.0.1 8080 timeout
		udp 10.1.0.1 5353 timeout
		tcp fd01::1 8080 timeout
		udp fd01::1 5353 timeout
	EOT
}

matrix() { # all at once
	local from pids=() all=(one1 inner1 apart1 two1 six1 plain peer host)

	for from in "${all[@]}"; do
		tries_from "$from" | TRY_SHORT=1 net_try "$from" |
			sed "s/^/$from /; s/ timeout / /" >"$tmp/from.$from" &
		pids+=($!)
	done
	wait "${pids[@]}"
	cat "${all[@]/#/$tmp/from.}"
}

engine_start host '{"experimental": true, "ip6tables": true}'
engine_image
version=$(docker_ version -f '{{.Server.Version}}')
diag "$version"
networks && containers
ok $? 'networks and containers' || bail 'no containers to test with'
find_containers
matrix >"$tmp/with"
engine_again host '{"iptables": false, "ip6tables": false}'
networks
containers
ok $? 'the same with iptables off'
net_run host "$fwbox" docker-chains --publish -f "$engine_dir/daemon.json" \
	--socket "$engine_dir/docker.sock" >"$tmp/out" 2>&1
ok $? 'docker-chains --publish' || diag "$(<"$tmp/out")"
find_containers
matrix >"$tmp/without"
# Before 28 an engine lets in from outside to a published port also by its
# container's own address; docker-chains never does.
past=()
case $version in
2[0-7].*) past=("tcp ${address[two1]} 80" "udp ${address[two1]} 53"
	"udp ${address6[two1]} 53") ;;
esac
while read -r try && read -r other <&3; do
	for line in "${past[@]}"; do
		[[ $try != "peer $line open" ]] || try=${try/open/timeout}
	done
	is "$other" "$try" "$try"
done <"$tmp/with" 3<"$tmp/without"
is "$(wc -l <"$tmp/without")" "$(wc -l <"$tmp/with")" 'as many tries'
done_testing
