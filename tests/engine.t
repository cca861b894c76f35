#!/bin/bash
# A real Docker engine: dark with iptables off, back with docker-chains; its
# published ports behind the firewall when it keeps its own chains.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

# peer 10.1.0.2 -- 10.1.0.1 host -- docker0 172.17.0.1
net_new host peer
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24
net_address peer eth0 10.1.0.2/24
net_run host ip route add default via 10.1.0.2
net_run peer ip addr add 192.0.2.1/32 dev lo
net_serve peer tcp,0.0.0.0,8000
net_serve host tcp,0.0.0.0,22 tcp,0.0.0.0,7000

host_() { # APPLET ARGUMENT...: it must succeed
	net_run host "$fwbox" "$@" >"$tmp/out" 2>&1
	ok $? "$*" || diag "$(<"$tmp/out")"
}

docker_exec() { # CONTAINER APPLET-OF-BUSYBOX ARGUMENT...
	docker_ exec -i "$1" /bin/busybox "${@:2}" 2>/dev/null
}

# What a container hears from the server outside: the address it comes from;
# nothing when the container has no network.
reach() { # CONTAINER
	echo | docker_exec "$1" timeout 3 /bin/busybox nc 192.0.2.1 8000 |
		sed -n 3p
}

webs() {
	engine_web open -p 9090:80 && engine_web closed -p 8080:80
	ok $? 'two containers that serve a page'
}

# The container's own address, from one who knows the way to it.
direct() { # EXPECTED NAME
	tries peer "$2" <<<"http 172.17.0.2 80 $1"
}
containers_via_host() { # add|del
	net_run peer ip route "$1" 172.17.0.0/16 via 10.1.0.1
}

# With iptables off.
host_ docker-cfg -f "$tmp/daemon.json" .iptables=false
engine_start host "$tmp/daemon.json"
engine_image
ok $? 'the engine takes the edited daemon.json' ||
	bail 'no engine to test with'
webs
is "$(reach open)" '' 'iptables off: a container reaches nothing'
net_run host sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
host_ docker-chains -f "$tmp/daemon.json"
is "$(net_run host cat /proc/sys/net/ipv4/ip_forward)" 1 'forwarding is on'
is "$(reach open)" 10.1.0.1 'docker-chains: it does, as the host'
containers_via_host add
direct timeout 'docker-chains: its own address from outside'
tries peer 'docker-chains alone' <<-EOT
	http 10.1.0.1 9090 open
	http 10.1.0.1 8080 open
	tcp 10.1.0.1 7000 open
EOT

host_ fw-init
host_ fw-allow 9090 ssh
is "$(reach open)" 10.1.0.1 'and fw-init: a container reaches out'
is "$(reach closed)" 10.1.0.1 'and fw-init: the other one too'
direct timeout 'and fw-init: its own address'
cat >"$tmp/gate" <<-EOT
	http 10.1.0.1 9090 open
	http 10.1.0.1 8080 timeout
	tcp 10.1.0.1 22 open
	tcp 10.1.0.1 7000 timeout
EOT
tries peer 'and fw-init' <"$tmp/gate"
tries host 'and fw-init, from the host' <<-EOT
	http 127.0.0.1 8080 open
	http 172.17.0.2 80 open
EOT
inner=$(docker_exec closed wget -q -O - http://172.17.0.2/)
is "$inner" 'a page' 'and fw-init: one container reaches the other'
host_ fw-stop
is "$(reach open)" 10.1.0.1 'after fw-stop the chains are still there'

host_ docker-chains --delete
containers_via_host del
is "$(reach open)" '' 'docker-chains --delete: dark again'
host_ docker-chains --iptables -f "$tmp/daemon.json"
is "$(reach open)" 10.1.0.1 'docker-chains --iptables: back'
host_ docker-chains --iptables --delete
is "$(reach open)" '' 'docker-chains --iptables --delete: dark again'

# With its own chains.
docker_ rm -f open closed >/dev/null
engine_stop
containers_via_host add
engine_start host '{}'
webs
tries peer "Docker's own chains" <<-EOT
	http 10.1.0.1 9090 open
	http 10.1.0.1 8080 open
	http 172.17.0.2 80 open
EOT
rm -f "$FWBOX_RULES"
host_ fw-init
host_ fw-allow 9090
gate() { # NAME
	tries peer "$1" <<-EOT
		http 10.1.0.1 9090 open
		http 10.1.0.1 8080 timeout
		tcp 10.1.0.1 7000 timeout
		http 172.17.0.2 80 timeout
	EOT
	is "$(reach open)" 10.1.0.1 "$1: a container reaches out"
}
gate 'behind fw-init'
engine_stop
engine_start host '{}'
docker_ start open closed >/dev/null
ok $? 'the engine starts again, with the firewall up'
gate 'behind fw-init, started after it'
host_ fw-init
gate 'behind fw-init, run again'
done_testing
