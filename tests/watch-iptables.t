#!/bin/bash
# docker-chains --watch in iptables' own tables, of each layout: it follows the
# bridges and the engine, puts back what somebody else took, and leaves to
# others what is theirs.  What it must make is what docker-chains alone makes
# of the same networks, in a namespace where nobody watches.
set -u
# shellcheck source=tests/lib/chains.sh
. tests/lib/chains.sh
# shellcheck source=tests/lib/fake.sh
. tests/lib/fake.sh
socket=$tmp/docker.sock
net_new other

saved() { # NAMESPACE
	local six

	for six in '' 6; do
		net_run "$1" "ip${six}tables-nft-save" 2>/dev/null
	done | grep '^[-:*]' | sed 's/ \[.*//' | sort
}
is_wanted() {
	# shellcheck disable=SC2317 # wait_for calls it
	[[ $(saved host) == "$want" ]]
}
wants() { # NAME PATTERN ARGUMENT...: what comes, and what it is about
	net_run other nft flush ruleset
	net_run other "$fwbox" docker-chains -f "$tmp/daemon.json" --publish \
		--socket "$socket" --no-sysctl "${layout[@]}" "${@:3}" \
		>"$tmp/out" 2>&1 || diag "$(<"$tmp/out")"
	want=$(saved other)
	want=$(sort <<<"$want${others:+$'\n'$others}")
	like "$want" "$2" "$name: $1: it is about that"
	is_back "$1"
}
is_back() { # NAME
	wait_for "$name: $1" is_wanted ||
		diag "$(diff <(echo "$want") <(saved host))"
}

bridge() { # NAME ADDRESS...
	local address

	on ip link add "$1" type bridge
	for address in "${@:2}"; do
		on ip addr add "$address" dev "$1"
	done
}

# The engine's one network, and a container with a published port.
tells() { # ID
	printf '[{"Driver":"bridge","Name":"told","Id":"%s00000000",
		"EnableIPv6":true,"IPAM":{"Config":[{"Subnet":"10.5.0.0/24"},
		{"Subnet":"fd05::/64"}]}}]' "$1" >"$tmp/networks.json"
	printf '[{"Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,
		"Type":"tcp"}],"NetworkSettings":{"Networks":{"told":{
		"NetworkID":"%s00000000","IPAddress":"10.5.0.2"}}}}]' "$1" \
		>"$tmp/containers.json"
}

# The bridges alone; docker0 is among the networks also where it is not yet.
follow_bridges() {
	local docker0=(-b docker0 -s 172.17.0.0/16)
	local second=(-b br-0123456789ab -s 172.18.0.0/16 -s fd18::/64)

	wants 'the usual bridge' ' docker0 ' "${docker0[@]}"
	bridge br-0123456789ab 172.18.0.1/16 fd18::1/64
	wants 'one more, with IPv6' 'fd18::/64' "${docker0[@]}" "${second[@]}"
	on ip link del br-0123456789ab
	wants 'one less, and IPv6 with it' ' docker0 ' "${docker0[@]}"
	is "$(on nft list tables ip6)" '' "$name: of which nothing is left"
}

# The engine, with what the bridges were before it.
follow_engine() {
	tells 0123456789ab
	fake_begin "$socket" "$tmp"
	wants 'the engine comes' '10.5.0.2:80'
	tells ba9876543210
	fake_event
	wants 'it has another network' br-ba9876543210
	echo '[]' >"$tmp/containers.json"
	fake_event
	wants 'a container goes' '10.5.0.0/24'
	unlike "$want" 8080 "$name: and its port with it"
	fake_end
	tells 0123456789ab
	fake_begin "$socket" "$tmp"
	wants 'the engine comes back, with something else' '10.5.0.2:80'
}

# What somebody else takes away.
put_back() {
	local command

	while read -r command; do
		# shellcheck disable=SC2086 # words
		on $command || diag "cannot: $command"
		is_back "after $command"
	done <<-EOT
		nft flush ruleset
		nft delete table ip filter
		nft delete table ip6 nat
		iptables-nft -F DOCKER
		iptables-nft -F FORWARD
		iptables-nft -t nat -F
		ip6tables-nft -t nat -F POSTROUTING
		ip6tables-nft -t nat -D PREROUTING 1
	EOT
}

# What is not ours, before ours and behind it, in chains of both.
leave_to_others() {
	local rule

	while read -r rule; do
		# shellcheck disable=SC2086 # words
		on iptables-nft -$rule || diag "cannot: $rule"
	done <<-EOT
		I FORWARD -s 10.9.9.9/32 -j DROP
		A FORWARD -s 10.9.9.8/32 -j DROP
		I DOCKER-USER -s 10.8.8.8/32 -j DROP
		t nat -A PREROUTING -s 10.9.9.9/32 -j ACCEPT
		N mine
		A mine -s 10.7.7.7/32 -j ACCEPT
	EOT
	others=$'-A FORWARD -s 10.9.9.9/32 -j DROP
-A FORWARD -s 10.9.9.8/32 -j DROP
-A DOCKER-USER -s 10.8.8.8/32 -j DROP
-A PREROUTING -s 10.9.9.9/32 -j ACCEPT
-A mine -s 10.7.7.7/32 -j ACCEPT
:mine -'
	wants 'rules of others stay' 10.7.7.7
	tells ba9876543210
	fake_event
	wants 'while the networks change' br-ba9876543210
	on iptables-nft -F DOCKER
	is_back 'while ours are put back'
	like "$(on iptables-nft -S FORWARD | sed -n 2p)" 10.9.9.9 \
		"$name: what stood first does"
}

bridge docker0 172.17.0.1/16
for name in --iptables '--as 28'; do
	read -ra layout <<<"$name"
	others=
	watch_begin --publish --socket "$socket" "${layout[@]}"
	follow_bridges
	follow_engine
	put_back
	leave_to_others
	watch_end
	is "$?: $(<"$tmp/said")" '0: ' "$name: it had nothing to say"
	is_wanted
	ok $? "$name: ended, the chains stay"
	fake_end
	fresh
done
done_testing
