#!/bin/bash
# docker-chains and the rest of the host: tables of others and the firewall
# that drop what it accepts, the kernel's settings, the socket that daemon.json
# names.
set -u
# shellcheck source=tests/lib/chains.sh
. tests/lib/chains.sh
# shellcheck source=tests/lib/fake.sh
. tests/lib/fake.sh

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
fake_begin "$tmp/e.sock" "$tmp"
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
done_testing
