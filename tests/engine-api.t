#!/bin/bash
# Docker's engine is asked: one that answers badly harms nothing, and what the
# real one says is understood.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
# shellcheck source=tests/lib/fake.sh
. tests/lib/fake.sh
net_need
fwbox=${FWBOX:-$PWD/fwbox}
net_new host
echo '{"iptables": false}' >"$tmp/daemon.json"
socket=$tmp/fake.sock

chains() { # ARGUMENT...: its status; what it says is in $out
	timeout 20 nsenter --net="$(net_of host)" -- "$fwbox" docker-chains \
		-f "$tmp/daemon.json" --socket "$socket" "$@" >"$tmp/out" 2>&1
	status=$?
	out=$(<"$tmp/out")
}

chains
is "$status$out" 0 'nobody there: the interfaces tell'
before=$(net_run host nft -s list ruleset)
echo '[{"Driver":"bridge","Id":"0123456789abcdef","Name":"a network"}]' \
	>"$tmp/networks.json"
echo '[]' >"$tmp/containers.json"
while read -r mode want; do
	fake_begin "$socket" "$tmp" "$mode"
	chains
	like "$status: $out" "^1: docker-chains: $socket: .*$want" \
		"$mode: an error"
	is "$(wc -l <"$tmp/out")" 1 "$mode: of one line"
	fake_end
done <<-EOT
	garbage does not answer '200 OK'
	half cut short
	nothing too slow
	closed (answers nothing|hangs up|Broken pipe)
	flood too long
	chunks too long
	drip too slow
	deep nested deeper
	error does not answer '200 OK'
EOT
is "$(net_run host nft -s list ruleset)" "$before" 'nothing is changed'
fake_begin "$socket" "$tmp"
for names in '"a\u001b[2Jb"' '"lo"' '"../x"' '"sixteen-letters-"'; do
	printf '[{"Driver":"bridge","Name":"\\u001b[31mred","Options":{
		"com.docker.network.bridge.name":%s}}]' "$names" \
		>"$tmp/networks.json"
	chains --list
	like "$status: $out" '^1: .*bad bridge' "a bridge named $names"
	unlike "$out" $'\e' 'and no terminal is told what to do'
done
fake_end
rm -f "$socket"
setpriv --pdeathsig KILL "$python" -c '
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
os.setuid(65534)
s.listen()
time.sleep(60)' "$socket" &
fake=$!
until ss -xl 2>/dev/null | grep -qF "$socket"; do sleep 0.05; done
chains
like "$status: $out" 'user 65534 listens there, not root' \
	'somebody else who listens there'
fake_end

# The real one.
why=$(engine_missing) && {
	skip "$why" 'the real engine'
	done_testing
}
engine_start host "$tmp/daemon.json"
socket=$engine_dir/docker.sock
engine_image
docker_ network create --subnet 10.91.0.0/24 plain >/dev/null
docker_ network create --subnet 10.92.0.0/24 --internal inner >/dev/null
docker_ network create --subnet 10.93.0.0/24 --ipv6 --subnet fd93::/64 \
	-o com.docker.network.bridge.name=named0 \
	-o com.docker.network.bridge.enable_ip_masquerade=false six >/dev/null
engine_web web --network plain -p 8080:80 -p 127.0.0.1:5353:53/udp
ok $? 'the real engine: networks, and a container with ports'
chains --json
is "$status" 0 'it is understood' || diag "$out"
look() { # NAME JQ WANT
	is "$(jq -c "$2" "$tmp/out")" "$3" "$1"
}
if command -v jq >/dev/null; then
	diag "$out"
	look 'as many networks' '.networks | length' 4
	look 'internal or not' \
		'[.networks[] | select(.internal) | .name]' '["inner"]'
	look 'what is not masqueraded' \
		'[.networks[] | select(.masquerade | not) | .bridge]' \
		'["named0"]'
else
	skip 'no jq' 'what it says'
fi
chains --publish
is "$status" 0 '--publish' || diag "$out"
web=$(docker_ inspect -f \
	'{{.NetworkSettings.Networks.plain.IPAddress}}' web)
like "$(net_run host nft list ruleset)" "8080.*$web" \
	'a published port leads to its container'
done_testing
