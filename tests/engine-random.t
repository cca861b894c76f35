#!/bin/bash
# docker-chains --watch beside a real engine: networks and containers come and
# go at random, with published ports, the engine restarts, somebody flushes the
# ruleset; after each change what must reach what does, and nothing else.
#   CHANGES=N (200) of them, SEED=N for the same ones again.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
need_tools nft
fwbox=${FWBOX:-$PWD/fwbox}
changes=${CHANGES:-200}
RANDOM=${SEED:=$RANDOM}
diag "SEED=$SEED CHANGES=$changes"

engine_hosts
net_serve peer tcp,0.0.0.0,8000

# What there is: of each network its kind and bridge, of each container its
# network, address and published port, if any.
declare -A kind=() bridge=() network=() address=() port=()
count=0 times=()
option=com.docker.network.bridge

ruleset() {
	net_run host nft list table inet fwbox 2>/dev/null
}

# Is the word in the rules, or not?  Notes how long that took.
effect() { # there|gone WORD
	local from=${EPOCHREALTIME/./} i

	for ((i = 0; i < 500; i++)); do
		if ruleset | grep -qF "$2"; then
			[[ $1 == gone ]] || break
		else
			[[ $1 == there ]] || break
		fi
		sleep 0.01
	done
	times+=($(((${EPOCHREALTIME/./} - from) / 1000)))
	((i < 500))
}

pick() { # ARRAY: one of its keys at random
	local -n of=$1
	local keys=("${!of[@]}")

	picked=${keys[RANDOM % ${#keys[@]}]}
}

network_comes() {
	local name=n$((++count)) kinds=(open open inner apart) id options=()

	kind[$name]=${kinds[RANDOM % 4]}
	case ${kind[$name]} in
	inner) options=(--internal) ;;
	apart) options=(-o "$option.enable_icc=false") ;;
	esac
	id=$(docker_ network create --subnet "172.30.$count.0/24" \
		"${options[@]}" "$name") || return
	bridge[$name]=br-${id:0:12}
	what="network $name (${kind[$name]})"
	effect there "\"${bridge[$name]}\""
}

container_comes() {
	local name=c$((++count)) options=() i

	pick kind
	network[$name]=$picked
	if [[ ${kind[$picked]} != inner ]] && ((RANDOM % 3)); then
		port[$name]=$((8000 + count))
		options=(-p "${port[$name]}:80")
	fi
	what="container $name of $picked${port[$name]+, port ${port[$name]}}"
	engine_web "$name" --network "$picked" "${options[@]}" || return
	[[ ! ${port[$name]-} ]] || effect there " ${port[$name]} " || return
	address[$name]=$(docker_ inspect -f \
		'{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' \
		"$name")
	engine_join "$name"
	for ((i = 0; i < 50; i++)); do # until it listens
		[[ $(net_try host <<<"tcp ${address[$name]} 80") != *open ]] ||
			return 0
		sleep 0.1
	done
	return 1
}

container_goes() { # NAME
	local gone=${port[$1]-}

	docker_ rm -f "$1" >/dev/null || return
	unset "network[$1]" "address[$1]" "port[$1]" "net_pid[$1]"
	[[ ! $gone ]] || effect gone " $gone "
}

network_goes() {
	local name gone

	pick kind
	what="network $picked goes"
	gone=$picked
	for name in "${!network[@]}"; do
		[[ ${network[$name]} != "$gone" ]] ||
			container_goes "$name" || return
	done
	docker_ network rm "$gone" >/dev/null || return
	effect gone "\"${bridge[$gone]}\"" || return
	unset "kind[$gone]" "bridge[$gone]"
}

flush() {
	what='a flush'
	net_run host nft flush ruleset
	effect there 'hook forward'
}

# All containers end with it.
restart() {
	local name

	what='a restart of the engine'
	engine_stop
	engine_start host "$tmp/daemon.json"
	for name in "${!network[@]}"; do
		container_goes "$name" || return
	done
}

change() {
	local n=$((RANDOM % 16))

	if ((${#kind[@]} < 1 || (${#kind[@]} < 2 && ${#network[@]}) ||
		(n < 3 && ${#kind[@]} < 5))); then
		network_comes
	elif ((${#network[@]} < 2 || (n < 8 && ${#network[@]} < 5))); then
		container_comes
	elif ((n < 10)); then
		pick network
		what="container $picked goes"
		container_goes "$picked"
	elif ((n < 12)); then
		network_goes
	elif ((n < 15)); then
		flush
	else
		restart
	fi
}

tries_from() { # CONTAINER
	local to at=${network[$1]} want

	want=open
	[[ ${kind[$at]} != inner ]] || want=timeout
	echo "tcp 10.1.0.2 8000 $want"
	for to in "${!network[@]}"; do
		[[ $to != "$1" ]] || continue
		want=timeout
		[[ ${network[$to]} != "$at" || ${kind[$at]} == apart ]] ||
			want=open
		echo "tcp ${address[$to]} 80 $want"
	done
}

tries_from_peer() {
	local to

	for to in "${!network[@]}"; do
		echo "tcp ${address[$to]} 80 timeout"
		[[ ! ${port[$to]-} ]] || echo "tcp 10.1.0.1 ${port[$to]} open"
	done
}

holds() { # NAME: tells what does not
	local from pids=()

	rm -f "$tmp"/from.*
	for from in "${!network[@]}"; do
		tries_from "$from" | net_try "$from" >"$tmp/from.$from" &
		pids+=($!)
	done
	tries_from_peer | net_try peer >"$tmp/from.peer" &
	wait "${pids[@]}" $!
	# From 28 on an internal network has no way out at all.
	is "$(sed 's/timeout ENETUNREACH/timeout timeout/' "$tmp"/from.* |
		awk '$4 != $5')" '' \
		"$1: $(cat "$tmp"/from.* | wc -l) tries hold" || {
		ruleset | sed 's/^/# /'
		diag "$(<"$tmp/said")"
	}
}

echo '{"iptables": false, "ip6tables": false}' >"$tmp/daemon.json"
engine_start host "$tmp/daemon.json"
engine_image
nsenter --net="$(net_of host)" -- setpriv --pdeathsig KILL \
	"$fwbox" docker-chains -f "$tmp/daemon.json" --watch --publish \
	--socket "$engine_dir/docker.sock" 2>"$tmp/said" &
watch=$!
at_exit "kill $watch; wait $watch"
effect there 'hook forward'
ok $? 'docker-chains --watch'
times=()
for ((step = 1; step <= changes; step++)); do
	((step != changes / 2)) || {
		restart && holds "$what"
		flush && holds "$what"
	}
	change || {
		ok 1 "$what: in effect"
		break
	}
	holds "$step: $what"
done
mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
diag "in effect after: half of ${#times[@]} within" \
	"${times[${#times[@]} / 2]} ms, the last within ${times[-1]} ms"
kill "$watch"
wait "$watch"
is $? 0 'it was there to the end'
done_testing
