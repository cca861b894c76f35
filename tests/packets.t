#!/bin/bash
# Packets, not listings: what passes before, with and after the firewall, from
# another namespace, over IPv4 and IPv6.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

# peer 10.1.0.2 -- 10.1.0.1 host 10.2.0.1 -- 10.2.0.2 inner
net_new host peer inner
net_link host eth0 peer eth0
net_link host eth1 inner eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_address host eth1 10.2.0.1/24 fd02::1/64
net_address inner eth0 10.2.0.2/24 fd02::2/64
net_forward host
for family in -4 -6; do
	[[ $family == -4 ]] && near=10.1.0.1 far=10.2.0.1
	[[ $family == -6 ]] && near=fd01::1 far=fd02::1
	net_run peer ip $family route add default via "$near"
	net_run inner ip $family route add default via "$far"
done

listeners=()
for port in 22 80 443 8080 9000 9001 9002 9003 9010; do
	for any in 0.0.0.0 ::; do
		listeners+=("tcp,$any,$port" "udp,$any,$port")
	done
done
net_serve host "${listeners[@]}" udp,0.0.0.0,68 udp,::,546 \
	udp,224.0.0.251%eth0,5353 udp,224.0.0.251%eth0,5354 \
	udp,239.255.255.250%eth0,1900 udp,ff02::fb%eth0,5353 \
	udp,ff02::fb%eth0,5354 udp,ff02::f%eth0,1900
net_serve peer tcp,0.0.0.0,7000 tcp,::,7000 udp,0.0.0.0,7000 udp,::,7000
net_serve inner tcp,0.0.0.0,7000 tcp,::,7000 udp,0.0.0.0,7000 udp,::,7000

host_() { # APPLET ARGUMENT...: it must succeed
	net_run host "$fwbox" "$@" >"$tmp/out" 2>&1
	ok $? "$*" || diag "$(<"$tmp/out")"
}

each_family() { # lines with HOST, PEER, INNER and ME as addresses
	sed -e 's/HOST/10.1.0.1/; s/PEER/10.1.0.2/; s/INNER/10.2.0.2/' \
		-e 's/OTHER/10.2.0.1/; s/ME/127.0.0.1/' "$1"
	sed -e 's/HOST/fd01::1/; s/PEER/fd01::2/; s/INNER/fd02::2/' \
		-e 's/OTHER/fd02::1/; s/ME/::1/' "$1"
}

cat >"$tmp/all" <<-EOT
	tcp HOST 22 open
	tcp HOST 80 open
	tcp HOST 443 open
	tcp HOST 8080 open
	udp HOST 8080 open
	tcp INNER 7000 open
	udp INNER 7000 open
	ping INNER - open
EOT
tries peer 'before' < <(each_family "$tmp/all")

host_ fw-init
host_ fw-allow OpenSSH http https
host_ fw-allow 9000 9001/udp 9002:9003/tcp 9999

cat >"$tmp/in" <<-EOT
	tcp HOST 22 open
	http HOST 22 open
	tcp HOST 80 open
	tcp HOST 443 open
	tcp HOST 8080 timeout
	tcp HOST 5555 timeout
	tcp OTHER 22 open
	tcp OTHER 8080 timeout
	udp HOST 22 timeout
	udp HOST 8080 timeout
	udp HOST 5555 timeout
	tcp HOST 9000 open
	udp HOST 9000 open
	tcp HOST 9001 timeout
	udp HOST 9001 open
	tcp HOST 9002 open
	tcp HOST 9003 open
	udp HOST 9003 timeout
	tcp HOST 9010 timeout
	tcp HOST 9999 reset
	ping HOST - open
EOT
tries peer 'in' < <(each_family "$tmp/in")
tries peer 'in, nobody there' <<-EOT
	udp 10.1.0.1 9999 icmp:3/3
	udp fd01::1 9999 icmp:1/4
EOT

link_local=$(net_run host ip -6 -o addr show dev eth0 scope link |
	sed -n 's/.*inet6 \([^/]*\).*/\1/p')
tries peer 'in, of the link' <<-EOT
	tcp $link_local%eth0 22 open
	tcp $link_local%eth0 8080 timeout
	ping $link_local%eth0 - open
	udp 10.1.0.1 67>68 open
	udp 10.1.0.1 66>68 timeout
	udp $link_local%eth0 547>546 open
	udp $link_local%eth0 548>546 timeout
	udp fd01::1 547>546 timeout
	udp 224.0.0.251%eth0 5353 open
	udp 224.0.0.251%eth0 5354 timeout
	udp 239.255.255.250%eth0 1900 open
	udp ff02::fb%eth0 5353 open
	udp ff02::fb%eth0 5354 timeout
	udp ff02::f%eth0 1900 open
	udp 10.1.0.255%eth0 8080 timeout
	udp 10.1.0.255%eth0 9001 open
EOT

cat >"$tmp/self" <<-EOT
	tcp ME 8080 open
	udp ME 8080 open
	tcp HOST 8080 open
	udp HOST 8080 open
	tcp ME 5555 reset
	ping ME - open
EOT
tries host 'loopback' < <(each_family "$tmp/self")

cat >"$tmp/out" <<-EOT
	tcp PEER 7000 open
	http PEER 7000 open
	udp PEER 7000 open
	tcp PEER 5555 reset
	ping PEER - open
EOT
tries host 'out' < <(each_family "$tmp/out")
tries host 'out, nobody there' <<-EOT
	udp 10.1.0.2 5555 icmp:3/3
	udp fd01::2 5555 icmp:1/4
EOT

cat >"$tmp/through" <<-EOT
	tcp INNER 7000 timeout
	udp INNER 7000 timeout
	tcp INNER 22 timeout
	ping INNER - open
EOT
tries peer 'through' < <(each_family "$tmp/through")
sed 's/INNER/PEER/' "$tmp/through" >"$tmp/back"
tries inner 'through, the other way' < <(each_family "$tmp/back")

# A connection lives on: through the same rules again, and through rules that
# would not let it begin.
talk() { # WORD: said and heard again
	local heard

	echo "$1" >&"${line[1]}"
	read -r -t 10 heard <&"${line[0]}"
	is "$heard" "$1" "a connection says: $1"
}

coproc line { net_run peer nc 10.1.0.1 9002; }
at_exit "kill ${line_PID:?}"
while read -r -t 10 greeting <&"${line[0]}"; do
	[[ $greeting != 10.1.0.2 ]] || break
done
is "$greeting" 10.1.0.2 'a connection is made'
talk 'still open'
rules() { net_run host nft list ruleset; }
if command -v nft >/dev/null; then
	before=$(rules)
	host_ fw-init
	is "$(rules)" "$before" 'a second fw-init changes no rule'
else
	host_ fw-init
	skip 'needs nft' 'a second fw-init changes no rule'
fi
talk 'through a second fw-init'
grep -v 9002 "$tmp/rules" >"$tmp/fewer"
host_ fw-init -r "$tmp/fewer"
tries peer 'a new one' <<<'tcp 10.1.0.1 9002 timeout'
talk 'through a fw-init that closes its port'

host_ fw-stop
tries peer 'after fw-stop' < <(each_family "$tmp/all")
done_testing
