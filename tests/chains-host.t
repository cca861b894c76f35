#!/bin/bash
# docker-chains and the rest of the host: tables of others and the firewall
# that drop what it accepts, the kernel's settings, the socket that daemon.json
# names, --iptables --watch.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v nft >/dev/null || skip_all 'needs nft'
command -v iptables-nft >/dev/null || skip_all 'needs iptables-nft'
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules
echo '{"iptables": false}' >"$tmp/daemon.json"
net_new host

on() {
	net_run host "$@"
}

chains() { # ARGUMENT...: its status; what it says is in $out
	on "$fwbox" docker-chains -f "$tmp/daemon.json" "$@" >"$tmp/out" 2>&1
	status=$?
	out=$(<"$tmp/out")
}

fresh() {
	on nft flush ruleset
}

# Tables of others.
on nft -f - <<-EOT
	table inet other {
		chain f {
			type filter hook forward priority 5; policy drop;
		}
		chain i {
			type filter hook input priority 5; policy drop;
		}
	}
EOT
chains
is "$status: $out" "0: docker-chains: table inet other also drops what is \
forwarded (policy drop): accept the bridges there too" 'a table that drops'
chains
like "$out" 'inet other' 'again: said again'
chains --delete
is "$out" '' '--delete is not about it'
fresh
on nft add table inet firewalld
on nft 'add chain inet firewalld filter_FORWARD {
	type filter hook forward priority 10; }'
on nft add rule inet firewalld filter_FORWARD reject
chains
like "$status: $out" '^0: .*firewalld.*--zone=trusted --add-interface' \
	'firewalld: what to tell it'
fresh
on iptables-nft -P FORWARD DROP
chains
like "$status: $out" '^0: .*table ip filter .*ufw default allow routed' \
	"iptables' policy"
chains --iptables
is "$status: $out" '0: ' '--iptables stands there itself'
fresh
on nft -f - <<-EOT
	table inet other {
		chain f {
			type filter hook forward priority 5; policy accept;
		}
	}
EOT
chains
is "$status: $out" '0: ' 'one that accepts is not spoken of'
fresh

# The firewall, whose file names the bridges.
on "$fwbox" fw-init >/dev/null 2>&1
chains
is "$status: $out" '0: ' 'beside the firewall'
chains -b br0 -s 10.1.0.0/24 -b br-0123456789ab -s 10.2.0.0/24
is "$status: $out" "0: docker-chains: the firewall drops what these networks \
send: write 'containers docker0 docker_gwbridge br-* br0' in '$tmp/rules' and \
run fw-init" 'a bridge that it does not name'
sed -i 's/^containers .*/containers br0/' "$tmp/rules"
on "$fwbox" fw-init
chains -b br0 -s 10.1.0.0/24
is "$status: $out" '0: ' 'written there'
on "$fwbox" fw-stop 2>/dev/null
chains -b br1 -s 10.1.0.0/24
is "$status: $out" '0: ' 'nor where there is no firewall'
fresh

# The kernel's settings.
setting() { # NAME [VALUE]
	on sh -c "cd /proc/sys/net; ${2+echo $2 >$1;} cat $1"
}
names=(ipv4/ip_forward ipv6/conf/all/forwarding)
if [[ -e /proc/sys/net/bridge ]]; then
	names+=(bridge/bridge-nf-call-iptables bridge/bridge-nf-call-ip6tables)
fi
set_all() { # VALUE
	local name

	for name in "${names[@]}"; do
		setting "$name" "$1" >/dev/null
	done
}
all() { # prints 1 for those that are on
	local name

	for name in "${names[@]}"; do
		setting "$name"
	done | tr -d '\n'
}
needs() { # WHAT WANT ARGUMENT...
	set_all 0
	chains "${@:3}" -b br0 -s 10.1.0.0/24
	is "$status: $(all)" "0: $(cut -c "-${#names[@]}" <<<"$2")" \
		"$1: what is on then"
}
needs 'one network' 1000
needs 'IPv6' 1100 -b br6 -s 10.2.0.0/24 -s fd00::/64
needs 'published ports, by the proxy' 1000 --iptables --publish
echo '{"iptables": false, "userland-proxy": false}' >"$tmp/daemon.json"
needs 'without it, of our own' 1000 --publish
needs "without it, by iptables' rules" 1010 --iptables --publish
needs 'the same with IPv6' 1111 --iptables --publish \
	-b br6 -s 10.2.0.0/24 -s fd00::/64
echo '{"iptables": false, "icc": false}' >"$tmp/daemon.json"
set_all 0
chains
is "$status: $(all)" "0: $(cut -c "-${#names[@]}" <<<1010)" 'icc=false'
set_all 0
chains --no-sysctl
like "$status: $out" "^0: docker-chains: '/proc/sys/net/ipv4/ip_forward' is \
not on: the networks need it" '--no-sysctl tells'
like "$(all)" '^0*$' 'and changes none'
set_all 1
chains --no-sysctl
is "$status: $out" '0: ' 'there is nothing to tell'
fresh

# The socket that daemon.json names.
echo '[{"Driver":"bridge","Name":"told","Id":"0123456789abcdef"}]' \
	>"$tmp/networks.json"
echo '[]' >"$tmp/containers.json"
mkfifo "$tmp/fifo"
setpriv --pdeathsig KILL tests/lib/fake_engine.py "$tmp/e.sock" "$tmp" \
	>"$tmp/fifo" &
engine=$!
at_exit "kill $engine; wait $engine"
read -r _ <"$tmp/fifo"
hosts() { # LIST
	echo "{\"iptables\": false, \"hosts\": $1}" >"$tmp/daemon.json"
}
hosts "[\"tcp://127.0.0.1:2375\", \"unix://$tmp/e.sock\", \"unix:///no\"]"
chains --list
like "$status: $out" "^0: br-0123456789ab .*'told'" "daemon.json's socket"
chains --list --socket "$tmp/none"
unlike "$out" told '--socket goes before it'
long=$(printf '%0120d' 0)
for list in '[]' '["unix://"]' '[1, null, {}]' "[\"unix:///$long\"]" \
	'["fd://"]'; do
	hosts "$list"
	chains --list -b docker0 -s 10.1.0.0/24
	is "$status: $out" '0: docker0         10.1.0.0/24' \
		"hosts $(cut -c -30 <<<"$list"): the usual one"
done
hosts "[\"unix://$tmp/e.sock\"]"

# --watch with iptables' tables.
saved() {
	on iptables-nft-save 2>/dev/null | grep '^-A' | sort
}
is_wanted() {
	# shellcheck disable=SC2317 # wait_for calls it
	[[ $(saved) == "$want" ]]
}
wait_for() { # NAME COMMAND...
	local name=$1 i

	shift
	for ((i = 0; i < 300; i++)); do
		"$@" && break
		sleep 0.02
	done
	"$@"
	ok $? "$name"
}
chains --as 28
want=$(saved)
like "$want" 'DOCKER-FORWARD -i br-0123456789ab -j ACCEPT' 'what is wanted'
fresh
nsenter --net="$(net_of host)" -- setpriv --pdeathsig KILL \
	"$fwbox" docker-chains -f "$tmp/daemon.json" --as 28 --watch \
	2>"$tmp/said" &
watch=$!
at_exit "kill $watch; wait $watch"
wait_for '--as 28 --watch' is_wanted
fresh
wait_for 'after a flush' is_wanted
on iptables-nft -D DOCKER-FORWARD -i br-0123456789ab -j ACCEPT
wait_for 'after iptables -D' is_wanted
on iptables-nft -F DOCKER
wait_for 'after iptables -F' is_wanted
on iptables-nft -A FORWARD -s 10.9.9.9 -j DROP
on iptables-nft -A DOCKER-USER -s 10.8.8.8 -j DROP
sed -i 's/0123456789ab/ba9876543210/' "$tmp/networks.json"
kill -USR1 "$engine"
want=$(echo "${want//0123456789ab/ba9876543210}"
	echo '-A FORWARD -s 10.9.9.9/32 -j DROP'
	echo '-A DOCKER-USER -s 10.8.8.8/32 -j DROP')
want=$(sort <<<"$want")
wait_for "another network, beside rules of others" is_wanted ||
	diag "$(diff <(saved) <(echo "$want"))"
kill "$watch"
wait "$watch"
is "$?: $(<"$tmp/said")" '0: ' 'it had nothing to say'
done_testing
