#!/bin/bash
# Published ports with the nf_tables backend that engines have from 29 on:
# tables of the form that they make, since no suite of Debian has such an
# engine yet; a namespace is the container.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v nft >/dev/null || skip_all 'needs nft'
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

# peer 10.1.0.2 -- 10.1.0.1 host docker0 172.17.0.1 -- 172.17.0.2 box
net_new host peer box
net_link host eth0 peer eth0
net_link host veth0 box eth0
net_run host sh -c 'ip link add docker0 type bridge
	ip link set veth0 master docker0
	ip link set docker0 up'
net_address host eth0 10.1.0.1/24 10.1.0.3/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_address host docker0 172.17.0.1/16 fd02::1/64
net_address box eth0 172.17.0.2/16 fd02::2/64
net_run box sh -c 'ip route add default via 172.17.0.1
	ip route add default via fd02::1'
net_run peer sh -c 'ip route add 172.17.0.0/16 via 10.1.0.1
	ip route add fd02::/64 via fd01::1'
net_forward host
net_serve box tcp,0.0.0.0,80 udp,0.0.0.0,53 tcp,::,80
net_serve peer tcp,0.0.0.0,8000

jumps() { # NAME: to the chain of that name for each bridge
	echo "map $1-jumps {
		type ifname : verdict
		elements = { docker0 : jump $1__docker0 }
	}"
}

engine() { # FAMILY CONTAINER SUBNET LOOPBACK DNAT: its table for docker0
	cat <<-EOT
	table $1 docker-bridges {
		$(jumps filter-forward-in)
		$(jumps filter-forward-out)
		$(jumps nat-postrouting-out)
		chain filter-FORWARD {
			type filter hook forward priority filter;
			policy accept;
			oifname vmap @filter-forward-in-jumps
			iifname vmap @filter-forward-out-jumps
		}
		chain nat-OUTPUT {
			type nat hook output priority -100;
			policy accept;
			$1 daddr != $4 fib daddr type local \
				jump nat-prerouting-and-output
		}
		chain nat-POSTROUTING {
			type nat hook postrouting priority srcnat;
			policy accept;
			iifname vmap @nat-postrouting-out-jumps
		}
		chain nat-PREROUTING {
			type nat hook prerouting priority dstnat;
			policy accept;
			fib daddr type local jump nat-prerouting-and-output
		}
		chain nat-prerouting-and-output {
			$5
		}
		chain raw-PREROUTING {
			type filter hook prerouting priority raw;
			policy accept;
			$1 daddr $2 iifname != "docker0" drop
		}
		chain filter-forward-in__docker0 {
			ct state established,related accept
			iifname "docker0" accept
			$1 daddr $2 tcp dport 80 accept
			$1 daddr $2 udp dport 53 accept
			drop
		}
		chain filter-forward-out__docker0 {
			ct state established,related accept
			accept
		}
		chain nat-postrouting-out__docker0 {
			oifname != "docker0" $1 saddr $3 masquerade
		}
	}
	EOT
}

to() { # PROTO PORT DESTINATION [MATCH...]: a port that it publishes
	echo "${*:4} iifname != \"docker0\" $1 dport $2 dnat to $3"
}

engine_start() {
	{
		engine ip 172.17.0.2 172.17.0.0/16 127.0.0.0/8 "
			$(to tcp 8080 172.17.0.2:80)
			$(to tcp 8081 172.17.0.2:80)
			$(to tcp 8083 172.17.0.2:80 ip daddr 10.1.0.3)
			$(to udp 5353 172.17.0.2:53)
			$(to udp 5354 172.17.0.2:53)"
		engine ip6 fd02::2 fd02::/64 ::1 "
			$(to tcp 8080 "[fd02::2]:80")
			$(to tcp 8081 "[fd02::2]:80")"
	} | net_run host nft -f -
}

fw() { # APPLET ARGUMENT...: it must succeed
	net_run host "$fwbox" "$@" >"$tmp/out" 2>&1 </dev/null ||
		ok 1 "$*" || diag "$(<"$tmp/out")"
}

gate() { # NAME
	tries peer "$1" <<-EOT
		tcp 10.1.0.1 8080 open
		tcp 10.1.0.1 8081 timeout
		tcp 10.1.0.3 8083 reset
		udp 10.1.0.1 5353 open
		udp 10.1.0.1 5354 icmp:3/3
		tcp fd01::1 8080 open
		tcp fd01::1 8081 timeout
		tcp 172.17.0.2 80 timeout
		tcp fd02::2 80 timeout
	EOT
	tries box "$1, a container reaches out" <<<'tcp 10.1.0.2 8000 open'
}

engine_start
ok $? 'the tables of the engine' || bail 'nothing to test with'
tries peer 'without fwbox all is open' <<-EOT
	tcp 10.1.0.1 8081 open
	tcp 10.1.0.3 8083 open
	udp 10.1.0.1 5354 open
	tcp fd01::1 8081 open
EOT
cat >"$FWBOX_RULES" <<-EOT
	allow 8080/tcp
	reject 8083/tcp
	allow 5353/udp
	reject 5354/udp
EOT
fw fw-init
gate 'the engine was first'
net_run host sh -c 'nft delete table ip docker-bridges
	nft delete table ip6 docker-bridges'
engine_start
gate 'the firewall was first'
net_run host nft flush ruleset
fw fw-init
tries peer 'after nft flush ruleset and fw-init' <<-EOT
	tcp 10.1.0.1 8081 timeout
	tcp 172.17.0.2 80 timeout
	tcp fd02::2 80 timeout
EOT
engine_start
gate 'then the engine again'
fw fw-deny prepend from 10.1.0.2
tries peer 'deny from' <<<'tcp 10.1.0.1 8080 timeout'
fw fw-delete 1
fw fw-limit 8080/tcp
tries peer limit < <(
	for _ in 1 2 3 4 5; do
		echo 'tcp 10.1.0.1 8080 open'
	done
)
tries peer 'beyond the limit' <<<'tcp 10.1.0.1 8080 icmp:3/3'
done_testing
