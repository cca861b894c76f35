#!/bin/bash
# A real Docker engine with networks of all kinds: its own rules are those of
# docker-chains --iptables --publish, and with iptables off and docker-chains
# the same tries have the same answers.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
need_tools curl
make -s build/unit/chains_cli || bail 'make chains_cli'
cli=$PWD/build/unit/chains_cli

engine_hosts
net_new fresh
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
containers() {
	local name

	for name in $names; do
		case $name in
		two1) set -- --network two -p 8080:80 -p 5353:53/udp ;;
		plain) set -- ;;
		*) set -- --network "${name%?}" ;;
		esac
		engine_web "$name" "$@" || return
	done
}

told() {
	engine_ask networks >"$tmp/networks" &&
		engine_ask containers/json >"$tmp/containers"
}

declare -A address address6
find_containers() {
	local name about='{{range .NetworkSettings.Networks}}{{.IPAddress}}
		{{.GlobalIPv6Address}}{{end}}'

	about=${about//[$'\n\t']/ }
	# shellcheck disable=SC2086
	engine_join $names
	for name in $names; do
		read -r "address[$name]" "address6[$name]" < <(
			docker_ inspect -f "$about" "$name")
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

engines_rules() {
	local line missing=() layout=iptables

	case $version in
	20.*)
		# It makes no DOCKER-USER for IPv6 yet.
		missing=(':DOCKER-USER - [0:0]' '-A DOCKER-USER -j RETURN'
			'-A FORWARD -j DOCKER-USER')
		;;
	26.*) ;;
	*) return ;;
	esac
	engine_saved host >"$tmp/engines"
	for line in "${missing[@]}"; do
		echo "$line"
	done | sort - "$tmp/engines" >"$tmp/want"
	net_run fresh "$cli" "$tmp/networks" "$tmp/containers" \
		$layout publish
	ok $? "docker-chains --$layout --publish"
	is "$(engine_saved fresh | sort | diff "$tmp/want" -)" '' \
		"$(wc -l <"$tmp/engines") lines are the engine's own"
	is "$(engine_saved fresh | grep 'FORWARD.*!' | head -n 4)" \
		"$(grep 'FORWARD.*!' "$tmp/engines" | head -n 4)" \
		'in its order'
}

engine_start host '{"experimental": true, "ip6tables": true}'
engine_image
version=$(docker_ version -f '{{.Server.Version}}')
diag "$version"
networks && containers
ok $? 'networks and containers' || bail 'no containers to test with'
told
engines_rules
find_containers
matrix >"$tmp/with"
engine_again host '{"iptables": false, "ip6tables": false}'
networks
containers
ok $? 'the same with iptables off'
told
net_run host "$cli" "$tmp/networks" "$tmp/containers" own publish >/dev/null
ok $? 'docker-chains --publish'
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
