#!/bin/bash
# Nothing leaks and nothing is refused while the firewall is replaced 200
# times under a stream of connections.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

net_new host peer
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_serve host tcp,0.0.0.0,22 tcp,::,22 tcp,0.0.0.0,8080 tcp,::,8080 \
	udp,0.0.0.0,8080 udp,::,8080
# Many connections from few ports: those that ended make room at once.
net_run peer sh -c 'echo 1 >/proc/sys/net/ipv4/tcp_tw_reuse
	echo 1024 65000 >/proc/sys/net/ipv4/ip_local_port_range'

stream_start() { # closed|open PORT
	mkfifo "$tmp/$1.fifo"
	nsenter --net="$(net_of peer)" -- setpriv --pdeathsig KILL \
		"$python" "$lib/stream.py" "$1" 10.1.0.1 "$2" fd01::1 "$2" \
		>"$tmp/$1.fifo" &
	stream_pid=$!
	at_exit "kill -KILL $stream_pid; wait $stream_pid"
	exec {stream_out}<"$tmp/$1.fifo"
	rm "$tmp/$1.fifo"
	read -r _ <&"$stream_out"
}

stream_end() { # PID DESCRIPTOR: sets tries and bad
	kill "$1"
	read -r tries bad <&"$2"
	wait "$1"
}

host_() { net_run host "$fwbox" "$@" >>"$tmp/out" 2>&1; }

# Two lists of different length, so that each load replaces every rule.
host_ fw-init ssh
ok $? 'fw-init ssh' || diag "$(<"$tmp/out")"
cp "$tmp/rules" "$tmp/longer"
for ((i = 0; i < 100; i++)); do
	echo "allow from 192.0.2.$i to any port $((9000 + i)) proto tcp"
done >>"$tmp/longer"

stream_start closed 8080
closed_pid=$stream_pid closed_out=$stream_out
stream_start open 22
open_pid=$stream_pid open_out=$stream_out
failed=0
for ((i = 0; i < 100; i++)); do
	host_ fw-init -r "$tmp/longer" || failed=$((failed + 1))
	host_ fw-init || failed=$((failed + 1))
done
is "$failed" 0 'fw-init, 200 times' || diag "$(tail -n 3 "$tmp/out")"
stream_end "$open_pid" "$open_out"
is "$bad" 0 'no try to an open port fails'
[[ $tries -gt 200 ]]
ok $? 'and there were more than 200' || diag "$tries"
diag "$tries tries to an open port"
stream_end "$closed_pid" "$closed_out"
is "$bad" 0 'no try to a closed port is answered'
[[ $tries -gt 2000 ]]
ok $? 'and there were more than 2000' || diag "$tries"
diag "$tries tries to a closed port"

# The stream does see an open moment.
stream_start closed 8080
for ((i = 0; i < 20; i++)); do
	host_ fw-stop
	host_ fw-init
done
stream_end "$stream_pid" "$stream_out"
[[ $bad -gt 0 ]]
ok $? 'between fw-stop and fw-init it is answered' || diag "$tries tries"
diag "$bad of $tries"
done_testing
