# shellcheck shell=dash
# In the guest: results, and its network.  What is exported is for after
# switch_root.
set -u
export count="${count-0}" outside="${outside-}" container="${container-}"
export tries="${tries-}"
/bin/busybox --install -s /bin

ok() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
	fi
}

is() { # GOT WANT NAME
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf '%s\n' "got: $1" "want: $2" | sed 's/^/# /'
}

runs() { # COMMAND...
	out=$("$@" 2>&1)
	is "$?$out" 0 "$*"
}

finish() {
	echo "1..$count"
	echo "# up $(cut -d ' ' -f 1 /proc/uptime) s"
	sync
	reboot -f
	sleep 60
}

# The network: outside 10.9.0.2 -- 10.9.0.1 here 172.17.0.1 -- a container.
in_outside() { nsenter -t "$outside" -n "$@"; }
in_container() { nsenter -t "$container" -n "$@"; }

servers=''
serve() { # PORT NSENTER-WORD...: says its port
	local port=$1

	shift
	"$@" nc -ll -p "$port" -e echo "port $port" >/dev/null 2>&1 &
	servers="$servers $!"
}

answer() { # TRIES IN ADDRESS PORT: several tries are for a slow guest
	local left=$1 got=''

	while [ ! "$got" ] && [ "$left" -gt 0 ]; do
		got=$("$2" nc -w 1 "$3" "$4" </dev/null 2>/dev/null)
		left=$((left - 1))
	done
	echo "$got"
}

try() { # PORT WANT NAME: open, or what else a firewall does
	local most=1

	[ ! "$2" ] || most=5
	is "$(answer $most in_outside 10.9.0.1 "$1")" "${2:+port $1}" "$3"
}

# All the time, of a port that stays closed and one that is opened.
try_always() {
	: >/run/tries
	/tries "/proc/$outside/ns/net" 10.9.0.1 7 9090 >>/run/tries &
	tries=$!
	until [ -s /run/tries ]; do
		sleep 0.1
	done
}

ask_tries() { # sets changes, closed, closed_answers, opened, opened_answers
	kill -USR1 "$tries"
	sleep 0.2
	# shellcheck disable=SC2034 # for who calls it
	read -r changes closed closed_answers opened opened_answers <<-EOT
		$(tail -n 1 /run/tries)
	EOT
}

seen() { # the same, when all tries from before have had their time
	local from

	ask_tries
	from=$closed
	while [ "$closed" -lt $((from + 200)) ]; do
		ask_tries
	done
}
