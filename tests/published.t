#!/bin/bash
# Rules for host ports hold for the ports that a real engine publishes: on
# any address, of any network, with each way of publishing, in any order of
# starting.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
engine_need
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

# peer 10.1.0.2, fd01::2 -- eth0 10.1.0.1, 10.1.0.3, fd01::1 host
# other 10.2.0.2 -- eth1 10.2.0.1
net_new host peer other
net_link host eth0 peer eth0
net_link host eth1 other eth0
net_address host eth0 10.1.0.1/24 10.1.0.3/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_address host eth1 10.2.0.1/24
net_address other eth0 10.2.0.2/24
net_run peer ip route add 172.16.0.0/12 via 10.1.0.1
net_run peer ip route add fd02::/64 via fd01::1

host_() { # APPLET ARGUMENT...: it must succeed
	net_run host "$fwbox" "$@" >"$tmp/out" 2>&1 </dev/null ||
		ok 1 "$*" || diag "$(<"$tmp/out")"
}

rules() { # the lines of the list on standard input, loaded
	cat >"$FWBOX_RULES"
	host_ fw-init
}

first() {
	engine_web first -p 8080:80 -p 8081:80 -p 8082:80 \
		-p 10.1.0.3:8083:80 -p 127.0.0.1:8084:80 \
		-p 5353:53/udp -p 5354:53/udp &&
		container_echoes first
}

# On UDP port 53 of a container, until the engine ends, from outside it: there
# is nothing in it that could.
container_echoes() { # NAME
	local dockerd pid ready=$tmp/ready.echo

	dockerd=$(pgrep -P "$engine_pid" | head -n 1)
	pid=$(docker_ inspect -f '{{.State.Pid}}' "$1")
	rm -f "$ready"
	mkfifo "$ready"
	nsenter --target "$dockerd" --pid --mount \
		nsenter --net="/proc/$pid/ns/net" \
		"$python" "$PWD/$lib/serve.py" udp,0.0.0.0,53 udp,::,53 \
		>"$ready" 2>/dev/null &
	disown
	read -r _ <"$ready"
}

containers() {
	docker_ network create second >/dev/null &&
		first && engine_web second --network second -p 8085:80
	ok $? "containers: $backend" ||
		diag "$(tail -n 5 "$engine_dir/log")"
}

gone() {
	docker_ rm -f first second >/dev/null 2>&1
	docker_ network rm second >/dev/null 2>&1
}

restart() { # CONFIG
	engine_stop
	engine_start host "$1"
	docker_ start first second >/dev/null
}

# What the lists say of it, whatever publishes the ports.
verdicts() {
	rules <<-EOT
		allow 8080/tcp
		allow from 10.2.0.2 to 10.1.0.3 port 8083 proto tcp
		allow 5353/udp
	EOT
	tries peer "$backend, listed or not" <<-EOT
		http 10.1.0.1 8080 open
		http 10.1.0.3 8080 open
		http 10.1.0.1 8081 timeout
		http 10.1.0.3 8083 timeout
		tcp 10.1.0.1 8084 timeout
		http 10.1.0.1 8085 timeout
		udp 10.1.0.1 5353 open
		udp 10.1.0.1 5354 timeout
	EOT
	tries host "$backend, from the host" <<-EOT
		http 127.0.0.1 8084 open
		http 10.1.0.1 8081 open
	EOT
	rules <<-EOT
		deny from 10.2.0.2 to any port 8085
		allow to 10.1.0.3 port 8083 proto tcp
		allow 8084/tcp
		allow 8085/tcp
		reject 8082/tcp
		reject 5354/udp
		allow to 10.1.0.1 port 8080
		reject to 10.1.0.3 port 8080 proto tcp
		allow in on eth1 to any port 8081 proto tcp
	EOT
	tries peer "$backend, by address, network and interface" <<-EOT
		http 10.1.0.3 8083 open
		tcp 10.1.0.1 8083 timeout
		tcp 10.1.0.1 8084 $to_loopback
		http 10.1.0.1 8085 open
		tcp 10.1.0.1 8082 reset
		udp 10.1.0.1 5354 icmp:3/3
		http 10.1.0.1 8080 open
		tcp 10.1.0.3 8080 reset
		http 10.1.0.1 8081 timeout
	EOT
	tries other "$backend, an address that is denied a port" <<-EOT
		http 10.2.0.1 8085 timeout
		http 10.2.0.1 8081 open
	EOT
	rules <<-EOT
		allow in on eth1 to any port 8081 proto tcp
		limit 8080/tcp
	EOT
	tries other "$backend, in on" <<<'http 10.2.0.1 8081 open'
	tries peer "$backend, in on" <<<'http 10.1.0.1 8081 timeout'
	tries peer "$backend, limit" < <(
		for _ in 1 2 3 4 5; do
			echo 'http 10.1.0.1 8080 open'
		done
	)
	tries peer "$backend, beyond the limit" \
		<<<'tcp 10.1.0.1 8080 icmp:3/3'
	tries other "$backend, of each address" <<<'http 10.2.0.1 8080 open'
}

# What is logged has the host's port.  The kernel's log is the whole machine's,
# so the packet's way through the rules is looked at instead.
logged() {
	local pid ways id

	printf 'allow log 8080/tcp\ndeny log from 10.2.0.2\n' | rules
	net_run host nft 'add table inet traced
		add chain inet traced first { type filter hook prerouting \
			priority -400; }
		add rule inet traced first tcp dport { 8080, 8081 } \
			meta nftrace set 1'
	nsenter --net="$(net_of host)" -- nft monitor trace >"$tmp/trace" &
	pid=$!
	sleep 1
	tries peer "$backend, allow log" <<<'http 10.1.0.1 8080 open'
	tries other "$backend, deny log" <<<'http 10.2.0.1 8081 timeout'
	sleep 1
	kill "$pid"
	wait "$pid" 2>/dev/null
	net_run host nft delete table inet traced
	ways=$(awk '/ inet fwbox .* log prefix / { print $3 }' "$tmp/trace" |
		sort -u | while read -r id; do
		grep "^trace id $id inet fwbox" "$tmp/trace" | tr '\n' ' '
		echo
	done)
	like "$ways" 'ip daddr 10.1.0.1 .*tcp dport 8080 .*"\[FWBOX ALLOW\] "' \
		"$backend, the line of an allowed one"
	like "$ways" 'ip daddr 10.2.0.1 .*tcp dport 8081 .*"\[FWBOX BLOCK\] "' \
		"$backend, the line of a denied one"
}

# A short list for what comes and goes.
short_list() {
	rules <<-EOT
		allow 8080/tcp
		allow 8085/tcp
	EOT
}
short() { # NAME
	tries peer "$backend, $1" <<-EOT
		http 10.1.0.1 8080 open
		http 10.1.0.1 8085 open
		http 10.1.0.1 8081 timeout
		http 10.1.0.3 8083 timeout
		udp 10.1.0.1 5353 timeout
	EOT
}

# Nobody on 127.0.0.1: what comes for eth0's address is refused by the host.
to_loopback=reset

backend="the engine's iptables"
host_ fw-init
engine_start host '{}'
engine_image
containers
verdicts
logged
short_list
short 'the firewall was first'
docker_ rm -f first >/dev/null
first
short 'a container started later'
host_ fw-stop
tries peer "$backend, without fwbox all is open" <<-EOT
	http 10.1.0.1 8081 open
	http 10.1.0.3 8083 open
	http 10.1.0.1 8085 open
EOT
host_ fw-init
short 'the engine was first'

# Everything gone but the containers.
net_run host nft flush ruleset
host_ fw-init
tries peer "$backend, after nft flush ruleset and fw-init" <<-EOT
	http 10.1.0.1 8081 timeout
	http 10.1.0.3 8083 timeout
	http 172.17.0.2 80 timeout
	tcp 172.18.0.2 80 timeout
EOT
net_run host nft list ruleset >"$tmp/flushed"
diag "the engine's own are gone with it: $(grep -c DOCKER "$tmp/flushed") left"
restart '{}'
short 'then the engine started again'
gone
engine_stop

backend='the engine without its proxy'
engine_start host '{"userland-proxy": false}'
containers
# Nothing listens on the host itself.
verdicts
short_list
restart '{"userland-proxy": false}'
short 'the engine started again'
gone
engine_stop

backend='docker-proxy alone'
engine_start host '{"iptables": false}'
host_ docker-chains -f "$engine_dir/daemon.json"
containers
verdicts
short_list
short 'by the list'
net_run host nft flush ruleset
host_ fw-init
short 'after nft flush ruleset and fw-init'
gone
engine_stop

backend='the engine with IPv6'
engine_start host '{"ipv6": true, "fixed-cidr-v6": "fd02::/64",
	"ip6tables": true, "experimental": true}'
containers
rules <<-EOT
	allow 8080/tcp
	reject 8082/tcp
	reject 5354/udp
	allow 5353/udp
EOT
tries peer "$backend" <<-EOT
	http fd01::1 8080 open
	http fd01::1 8081 timeout
	tcp fd01::1 8082 reset
	udp fd01::1 5353 open
	udp fd01::1 5354 icmp:1/4
	http fd02::242:ac11:2 80 timeout
	http 10.1.0.1 8080 open
	http 10.1.0.1 8081 timeout
EOT
gone
engine_stop
done_testing
