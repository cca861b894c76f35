# shellcheck shell=bash
# Streams of connections (stream.py) that run beside what a test does.
# Needs tap.sh and net.sh.

declare -A stream_pid=() stream_out=()

# Many connections from few ports: those that ended make room at once.
streams_many_from() { # NAME
	net_run "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/tcp_tw_reuse
		echo 1024 65000 >/proc/sys/net/ipv4/ip_local_port_range'
}

stream_start() { # NAME closed|open ADDRESS PORT...: one of each kind at a time
	local name=$1 kind=$2 out

	shift 2
	mkfifo "${tmp:?}/stream.$kind"
	nsenter --net="$(net_of "$name")" -- setpriv --pdeathsig KILL \
		nice -n 10 \
		"${python:?}" "${lib:?}/stream.py" "$kind" "$@" >"$tmp/stream.$kind" &
	stream_pid[$kind]=$!
	at_exit "kill -KILL $!; wait $!"
	exec {out}<"$tmp/stream.$kind"
	stream_out[$kind]=$out
	rm "$tmp/stream.$kind"
	read -r _ <&"$out"
}

stream_end() { # closed|open: sets tries, and bad: how many were answered or
	# failed
	local out=${stream_out[$1]}

	kill "${stream_pid[$1]}"
	# shellcheck disable=SC2034 # for the caller
	read -r tries bad <&"$out"
	wait "${stream_pid[$1]}"
	exec {out}<&-
}
