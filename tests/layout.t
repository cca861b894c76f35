#!/bin/bash
# docker-chains --as 28 against what a real engine 28 wrote: for each folder of
# tests/golden/docker-28 it is told what that engine told, and has to make what
# that engine made.  tests/engine-rules.t records them.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
# shellcheck source=tests/lib/fake.sh
. tests/lib/fake.sh
net_need
command -v iptables-nft >/dev/null || skip_all 'needs iptables-nft'
fwbox=${FWBOX:-$PWD/fwbox}
net_new host restored

saved() { # NAMESPACE
	local six

	for six in '' 6; do
		net_run "$1" "ip${six}tables-nft-save" 2>/dev/null
	done | sorted
}

# Chains that are iptables' own are there or not as their tables' others are.
sorted() {
	grep -v '^#\|^:\(INPUT\|FORWARD\|OUTPUT\|P[A-Z]*\) ' | sort
}

rules() {
	saved host | grep '^-A' | grep -v 'A DOCKER-USER -j RETURN'
}

chains() { # ARGUMENT...
	net_run host "$fwbox" docker-chains --force --publish \
		-f "$tmp/daemon.json" --socket "$tmp/docker.sock" "$@" \
		>"$tmp/out" 2>&1
}

for golden in tests/golden/docker-28/*; do
	name=${golden##*/}
	net_run host nft flush ruleset
	net_run restored nft flush ruleset
	echo '{"iptables": false}' >"$tmp/daemon.json"
	[[ $name != no-proxy ]] ||
		echo '{"iptables": false, "userland-proxy": false}' \
			>"$tmp/daemon.json"
	fake_end
	fake_begin "$tmp/docker.sock" "$golden"
	want=$(cat "$golden"/ip*tables | sorted)
	chains --as 28
	ok $? "$name: docker-chains --as 28" || diag "$(<"$tmp/out")"
	is "$(diff <(echo "$want") <(saved host))" '' \
		"$name: $(wc -l <<<"$want") lines are the engine's own"
	handles=$(net_run host nft -a list ruleset 2>/dev/null)
	chains --as 28
	is "$(net_run host nft -a list ruleset 2>/dev/null)" "$handles" \
		"$name: again, nothing is changed"
	chains --as 28 -n
	for six in '' 6; do
		net_run restored "ip${six}tables-nft-restore" --noflush \
			<"$tmp/out"
		ok $? "$name: -n is for ip${six}tables-restore"
	done
	is "$(diff <(echo "$want") <(saved restored))" '' \
		"$name: which makes the same"

	# From one layout to the other; DOCKER-USER is the user's.
	chains --iptables
	older=$(rules)
	net_run host nft flush ruleset
	chains --iptables
	is "$(diff <(echo "$older") <(rules))" '' \
		"$name: from 28 to 20.10 as 20.10 alone"
	chains --as 28
	chains --delete --iptables
	is "$(net_run host nft list ruleset)" '' \
		"$name: --delete leaves nothing"
done
chains --as 27
is "$?: $(<"$tmp/out")" \
	"2: docker-chains: bad version '27': must be 20.10, 28" 'no such'
done_testing
