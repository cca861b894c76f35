# shellcheck shell=bash
# What tests of docker-chains begin with: a host with a daemon.json by which
# Docker makes no chains.

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
need_tools nft iptables-nft
net_need
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
	# shellcheck disable=SC2034 # for the caller
	out=$(<"$tmp/out")
	return $status
}

fresh() {
	on nft flush ruleset
}

# The process is $watch, what it says in $tmp/said.
watch_begin() { # ARGUMENT...: docker-chains --watch
	nsenter --net="$(net_of host)" -- setpriv --pdeathsig KILL \
		"$fwbox" docker-chains -f "$tmp/daemon.json" --watch "$@" \
		2>"$tmp/said" &
	watch=$!
	at_exit "kill $watch; wait $watch"
}

watch_end() { # fails as it does
	kill "$watch"
	wait "$watch"
}

wait_for() { # NAME COMMAND...: a check that it succeeds within 6 s
	local name=$1 i

	shift
	for ((i = 0; i < 300; i++)); do
		if "$@"; then
			ok 0 "$name"
			return
		fi
		sleep 0.02
	done
	ok 1 "$name"
}
