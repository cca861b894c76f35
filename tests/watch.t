#!/bin/bash
# docker-chains --watch: after each change of bridges, engine and rules the
# chains are as docker-chains alone makes them; and it does nothing in between.
set -u
# shellcheck source=tests/lib/chains.sh
. tests/lib/chains.sh
# shellcheck source=tests/lib/fake.sh
. tests/lib/fake.sh
rounds=${WATCH_ROUNDS:-8}
socket=$tmp/run/docker.sock
mkdir "$tmp/run"

ruleset() {
	on nft -s list ruleset
}

# What the engine tells.

declare -A networks=() ports=()
network() { # NAME ID SUBNET INTERNAL: of docker's, and its bridge
	networks[$1]=$(printf '{"Name":"%s","Id":"%s00000000","Created":%s,
		"Driver":"bridge","Internal":%s,"Options":{},
		"IPAM":{"Config":[{"Subnet":"%s"}]}}' "$1" "$2" \
		"\"2026-11-24T15:11:54.${2:0:6}Z\"" "$4" "$3")
	on ip link add "br-$2" type bridge
	on ip addr add "${3%.*}.1/24" dev "br-$2"
}
network_gone() { # NAME ID
	unset "networks[$1]"
	on ip link del "br-$2"
}
container() { # NETWORK ID ADDRESS PORT
	ports[$1]=$(printf '{"Ports":[{"IP":"0.0.0.0","PrivatePort":80,
		"PublicPort":%s,"Type":"tcp"}],"NetworkSettings":{"Networks":
		{"%s":{"NetworkID":"%s00000000","IPAddress":"%s"}}}}' \
		"$4" "$1" "$2" "$3")
}
list() { # ITEM...
	local IFS=,

	echo "[$*]"
}
engine_says() {
	list "${networks[@]}" >"$tmp/new" && mv "$tmp/new" "$tmp/networks.json"
	list "${ports[@]}" >"$tmp/new" && mv "$tmp/new" "$tmp/containers.json"
}
engine_tells() { # that something happened
	engine_says
	fake_event
}
engine_begin() { # [MODE]
	fake_begin "$socket" "$tmp" "$@"
}

# The reference: the same networks, in a namespace where nobody watches.  A
# second rule list of the same would be seen by the watch as one of its own.
reference() {
	net_run other nft flush ruleset
	net_run other "$fwbox" docker-chains -f "$tmp/daemon.json" \
		--socket "$socket" "$@" --no-sysctl >"$tmp/out" 2>&1 ||
		diag "$(<"$tmp/out")"
	net_run other nft -s list ruleset
}
net_new other
is_wanted() {
	[[ $(ruleset) == "$want" ]]
}
follows() { # NAME
	want=$(reference --publish)
	wait_for "$1: as docker-chains makes them" is_wanted ||
		diag "$(diff <(echo "$want") <(ruleset) | head -n 20)"
}
shows() { # NAME PATTERN: and it is about what happened
	like "$(ruleset)" "$2" "$1"
}

network one 000000000001 10.1.0.0/24 false
engine_says
engine_begin
"$python" "$lib/notified.py" "$tmp/notify" >"$tmp/notified" &
at_exit "kill $!; wait $!"
until [[ -S $tmp/notify ]]; do sleep 0.01; done
NOTIFY_SOCKET=$tmp/notify watch_begin --socket "$socket" --publish \
	--pid-file "$tmp/pid"
wait_for 'ready' grep -q READY=1 "$tmp/notified"
is "$(<"$tmp/pid")" "$watch" 'its number is in the pid file'
follows 'at the beginning'
shows 'a network' br-000000000001
network two 000000000002 10.2.0.0/24 true
engine_tells
follows 'an internal network'
shows 'that one' br-000000000002
container one 000000000001 10.1.0.2 8080
engine_tells
follows 'a published port'
shows 'that one' 8080
unset 'ports[one]'
engine_tells
follows 'a port less'
unlike "$(ruleset)" 8080 'that one'
network_gone two 000000000002
engine_tells
follows 'a network less'
unlike "$(ruleset)" br-000000000002 'that one'

on nft flush ruleset
follows 'a flush by somebody else'
on nft delete table inet fwbox
follows 'a table deleted by somebody else'
on nft flush chain inet fwbox docker-forward
follows 'a chain flushed by somebody else'
on nft add table ip other
on nft delete table ip other
on nft add rule inet fwbox DOCKER-USER ip saddr 10.99.0.1 drop
network two 000000000002 10.2.0.0/24 true
engine_tells
wait_for 'a network, and a rule in DOCKER-USER' \
	eval 'ruleset | grep -q br-000000000002'
shows "which is the user's" 'ip saddr 10.99.0.1 drop'
on nft flush chain inet fwbox DOCKER-USER

for ((i = 0; i < rounds; i++)); do
	id=$(printf '%012x' $((i + 4096)))
	network "net$i" "$id" "10.3.$i.0/24" false
	((i % 3)) || container "net$i" "$id" "10.3.$i.2" $((9000 + i))
	engine_tells
	((i % 4 != 2)) || on nft flush ruleset
	if ((i % 4 == 3)); then
		fake_end
		engine_begin
	fi
	((i % 2)) || {
		unset "ports[net$i]"
		network_gone "net$i" "$id"
		engine_tells
	}
done
follows "after $rounds rounds of all of it"

# Answers of a quarter of a megabyte, whose memory is given back.
rss() { # kB
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$watch/status"
}
is_small() {
	(($(rss) < 1024))
}
# shellcheck disable=SC2317 # wait_for calls it
knows() { # NETWORK
	ruleset | grep -qF "$1"
}
long=$(printf '%250000s' '' | tr ' ' a)
for ((i = 0; i < 8; i++)); do
	ports[long]="{\"Labels\": {\"long\": \"$long\"}}"
	network "long$i" "$(printf '%012x' $((i + 8192)))" "10.4.$i.0/24" false
	engine_tells
	wait_for "a long answer, $i" knows "10.4.$i.0/24"
	wait_for '... kept no memory' is_small || diag "$(rss) kB"
	network_gone "long$i" "$(printf '%012x' $((i + 8192)))"
done
unset 'ports[long]'
engine_tells
follows 'short ones again'

# Idle.
sleep 0.5
strace -f -p "$watch" -o "$tmp/trace" 2>/dev/null &
strace=$!
sleep 2
kill "$strace"
wait "$strace"
calls=$(grep -v 'poll(\|exited\|detached\|restart_syscall' "$tmp/trace")
is "$calls" '' 'two seconds without a system call'
is_small
ok $? "$(rss) kB of memory"

# While the engine is away the interfaces tell; its word holds where it gave
# it.
fake_end
on ip link add br-aaaaaaaaaaaa type bridge
on ip addr add 10.7.0.1/24 dev br-aaaaaaaaaaaa
wait_for 'without the engine: a bridge' \
	eval 'ruleset | grep -q br-aaaaaaaaaaaa'
shows 'the networks it told of stay' br-000000000002
on ip link del br-aaaaaaaaaaaa
wait_for 'and a bridge less' \
	eval '! ruleset | grep -q br-aaaaaaaaaaaa'
network three 000000000003 10.4.0.0/24 false
engine_says
engine_begin
follows 'the engine is back'
shows 'with a network' br-000000000003

# An engine that is not well.
for mode in garbage nothing error; do
	fake_end
	network "bad$mode" "00000000000${#mode}" 10.5.0.0/24 false
	engine_says
	engine_begin "$mode"
	wait_for "$mode: the kernel's word goes on" \
		eval "ruleset | grep -q br-00000000000${#mode}"
	network_gone "bad$mode" "00000000000${#mode}"
	wait_for "$mode: and off" \
		eval "! ruleset | grep -q br-00000000000${#mode}"
	engine_says
done
for mode in flood noise; do
	fake_end
	engine_begin "$mode"
	sleep 0.3
	on nft flush ruleset
done
fake_end
engine_begin
follows 'an engine that is well again'
kill -0 "$watch"
ok $? 'it is still there'
diag "$(<"$tmp/said")"

# HUP, and the end.
sed -i 's/br-/xx-/' "$tmp/networks.json"
kill -HUP "$watch"
follows 'HUP'
watch_end
is $? 0 'TERM ends it'
wait_for 'which it says' grep -q STOPPING=1 "$tmp/notified"
[[ ! -e $tmp/pid ]]
ok $? 'the pid file is gone'
is_wanted
ok $? 'the chains stay'

echo '{}' >"$tmp/daemon.json"
chains --watch
like "$status: $out" '^1: docker-chains: Docker makes its chains itself' \
	'where Docker makes them it does not begin'
chains --watch --delete
is "$status" 2 '--watch --delete'
done_testing
